"""The Retrieve Refund/Return window: brings the refunds of one order from the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.permissions import Action, may
from contrapost.records import accounts
from contrapost.records.errors import RecordsError
from contrapost.refunds.finding import Finding, error
from contrapost.stores.contract import StoreError
from contrapost.web import words
from contrapost.web.asking import WINDOW, WINDOW_BODY, allowed, role_of, show, who

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.records.rows import TransactionRow
    from contrapost.web.asking import Asked

CHANGED = "refunds-changed"
"""The event that makes the list behind the window read itself anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """One refund that is here now."""

    title: str
    url: str
    status: words.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveWindow:
    """The window: what was asked for, and what came of it."""

    accounts: tuple[str, ...]
    account: str
    order: str
    back: str
    """Where Close leads without script."""
    retrieved: tuple[Retrieved, ...] = ()
    problems: tuple[words.Said, ...] = ()
    answered: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.RETRIEVE)
def page(request: Asked) -> HttpResponse:
    """Asks for an order, and says what came."""
    given = request.POST if request.method == "POST" else request.GET
    names = tuple(row.name for row in accounts.listing())
    account = given.get("account", "") or (names[0] if names else "")
    order = given.get("order", "").strip()
    back = reverse("refunds", query={"account": account}) if given.get("account") else reverse("refunds")
    if request.method != "POST":
        asked = RetrieveWindow(accounts=names, account=account, order=order, back=back)
        return _show(request, asked)
    rows, problems = _retrieve(request, account, order)
    may_set = may(role_of(request), Action.SEE_SETTINGS)
    answer = _show(
        request,
        RetrieveWindow(
            accounts=names,
            account=account,
            order=order,
            back=back,
            retrieved=tuple(_retrieved(row) for row in rows),
            problems=tuple(words.said(finding, account, may_set=may_set) for finding in problems),
            answered=True,
        ),
    )
    if rows:
        answer["HX-Trigger"] = CHANGED
    return answer


def _show(request: Asked, window: RetrieveWindow) -> HttpResponse:
    parts = {WINDOW: "_partials/retrieve_window.html", WINDOW_BODY: "_partials/retrieve_body.html"}
    return show(request, "retrieve.html", window, here=window.account, parts=parts)


def _retrieve(request: Asked, account: str, order: str) -> tuple[tuple[TransactionRow, ...], tuple[Finding, ...]]:
    if not order:
        return (), (error("refused", "No order was named.", fix="Type the order as the store shows it: #1001."),)
    try:
        result = flow.retrieve(request.contrapost, account, flow.Orders(names=[order]), by=who(request))
    except StoreError as problem:
        return (), (problem.finding,)
    except SetUpError as problem:
        return (), problem.findings
    except RecordsError as refused:
        return (), (error("refused", str(refused), fix=""),)
    return result.transactions, tuple(problem.finding for problem in result.problems)


def _retrieved(row: TransactionRow) -> Retrieved:
    total = words.amount(row.amount)
    return Retrieved(
        title=f"Order {row.order_name}, refund of {total.figures} {total.currency}",
        url=reverse("refund", args=[row.id]),
        status=words.status(row),
    )
