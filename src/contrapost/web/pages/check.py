"""Looking whether what was posted still stands in NetSuite as it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.permissions import Action
from contrapost.records.errors import RecordsError
from contrapost.web.asking import allowed, go, who
from contrapost.web.pages.refunds import CHANGED

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.web.asking import Asked


@require_POST
@allowed(Action.RETRIEVE)
def posted(request: Asked, name: str) -> HttpResponse:
    """Looks at the records of all posted refunds of an account, and leads to those that changed."""
    here = reverse("refunds", query={"account": name})
    try:
        checked = flow.check_posted(request.contrapost, name, by=who(request))
    except RecordsError as refused:
        messages.error(request, str(refused))
        return go(reverse("refunds"))
    except SetUpError as problem:
        for finding in problem.findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
        return go(here)
    for one in checked.problems:
        messages.error(request, f"{one.finding.message} {one.finding.fix}".strip())
    if not checked.problems:
        found = f"{len(checked.changed):,} changed since the last look." if checked.changed else "Nothing new."
        messages.success(request, f"{checked.records:,} records were looked at in NetSuite. {found}")
    return go(reverse("refunds", query={"account": name, "status": CHANGED}) if checked.changed else here)
