"""How the API answers: JSON as the shapes have it, and the troubles that each kind of operation may have."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from contrapost.api import answers

IN_ALL = dict.fromkeys((400, 401, 403, 422, 500), answers.Trouble)
"""What may be answered wherever one asks."""
OF_ONE = {**IN_ALL, 404: answers.Trouble}
"""Where one thing is asked for by its name."""
ACTS = {**OF_ONE, 409: answers.Trouble}
"""Where something is done."""
ASKS = {**ACTS, 502: answers.Trouble}
"""Where a store or NetSuite is asked."""


def answer(shape: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answers with a shape."""
    return HttpResponse(json.dumps(shape, ensure_ascii=False), status=status, content_type="application/json")
