"""The window that asks before a refund is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contrapost import flow
from contrapost.permissions import Action
from contrapost.records import queries
from contrapost.records.errors import RecordsError
from contrapost.web import words
from contrapost.web.asking import WINDOW, allowed, go, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWindow:
    """The question."""

    id: int
    order: str
    refund: str
    amount: words.Amount
    back: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.DELETE)
@no_such_refund
def page(request: Asked, id_: int) -> HttpResponse:
    """Asks, and deletes when the answer is yes."""
    row = queries.get(id_)
    back = reverse("refunds", query={"account": row.account})
    if request.method == "POST":
        try:
            flow.delete(request.contrapost, id_, by=who(request))
            messages.success(
                request,
                f"The refund of order {row.order_name} is deleted. Retrieving the order by hand brings it back.",
            )
        except RecordsError as refused:
            messages.error(request, str(refused))
        return go(back)
    window = DeleteWindow(
        id=id_, order=row.order_name, refund=row.store_refund_id, amount=words.amount(row.amount), back=back
    )
    return show(request, "delete.html", window, here=row.account, parts={WINDOW: "_partials/delete_window.html"})
