"""What the store sent, as it sent it, for those who may see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from contrapost.permissions import Action
from contrapost.records import queries
from contrapost.web.asking import allowed, show
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """The payload."""

    order: str
    refund: str
    text: str
    back: str


@require_safe
@allowed(Action.SEE_RAW)
@no_such_refund
def page(request: Asked, id_: int) -> HttpResponse:
    """Shows the payload of a refund."""
    row = queries.get(id_)
    text = queries.raw(id_)
    shown = RawPage(
        order=row.order_name, refund=row.store_refund_id, text=_spaced(text), back=reverse("refund", args=[id_])
    )
    return show(request, "raw.html", shown, here=row.account)


def _spaced(text: str) -> str:
    """Sets JSON out in lines; amounts stay as they were written, because they are text."""
    try:
        return json.dumps(json.loads(text, parse_float=str), indent=2, ensure_ascii=False)
    except ValueError:
        return text
