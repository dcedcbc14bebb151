"""What is held, by its cause: counted once for all that it holds, listed, and looked at again together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contrapost.records import causes, queries, transactions, waiting
from contrapost.records.rows import Again
from contrapost.refunds.finding import error, warning
from contrapost.refunds.lifecycle import Event, State
from contrapost.refunds.retry import Cause

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KLARNA = Cause(code="cash_account_not_mapped", where="cash_account.klarna")


def _held(books: Books, refund: str, code: str, where: str = "") -> int:
    id_ = books.kept(refund)
    findings = [warning("tax_rounded", "x"), error(code, f"{code} of {refund}", fix="Mend it.", where=where)]
    transactions.mapped(id_, Event.HELD, findings=findings, by="map", now=NOON)
    return id_


def test_the_same_cause_is_shown_once(books: Books) -> None:
    """By account, code and place, most first, with the words of the first one; what is not held is not counted."""
    first = _held(books, "r1", KLARNA.code, KLARNA.where)
    _held(books, "r2", KLARNA.code, KLARNA.where)
    _held(books, "r3", KLARNA.code, "cash_account.paypal")
    books.ready(books.kept("r4"))
    hidden = _held(books, "r5", KLARNA.code, KLARNA.where)
    transactions.hide(hidden, by="alice", now=NOON)

    klarna, paypal = causes.groups("shop")

    assert (klarna.account, klarna.cause, klarna.count, klarna.checking) == ("shop", KLARNA, 2, 0)
    assert (klarna.finding.message, klarna.finding.fix) == (f"{KLARNA.code} of r1", "Mend it.")
    assert klarna.order_name == queries.get(first).order_name
    assert (paypal.cause.where, paypal.count) == ("cash_account.paypal", 1)
    assert causes.groups("other") == ()


def test_what_a_cause_holds_is_listed_page_by_page(books: Books) -> None:
    """Each once, the longest held first."""
    ids = [_held(books, f"r{number}", "below_zero") for number in range(3)]
    _held(books, "r9", "exchange")

    first = causes.listing(account="shop", code="below_zero", limit=2)
    second = causes.listing(account="shop", code="below_zero", limit=2, cursor=first.cursor)

    assert [row.id for row in (*first.rows, *second.rows)] == ids
    assert (first.has_more, second.has_more, second.cursor) == (True, False, "")


def test_a_cause_is_forgotten_with_what_it_held(books: Books) -> None:
    """Mapped to a plan, or said anew by the store."""
    planned, changed = _held(books, "r1", "below_zero"), _held(books, "r2", "below_zero")
    books.ready(planned)
    books.keep(books.retrieved("r2", amount="11.00"))

    assert causes.groups() == ()
    assert queries.get(changed).status is State.IMPORTED


def test_what_one_cause_holds_is_made_due_together(books: Books) -> None:
    """What is held by something else stays as it is."""
    held = _held(books, "r1", KLARNA.code, KLARNA.where)
    _held(books, "r2", KLARNA.code, "cash_account.paypal")

    assert waiting.look_now("shop", Again(code=KLARNA.code, where=KLARNA.where), now=NOON) == 1
    assert [one.id for one in waiting.due(now=NOON)] == [held]


def test_changed_settings_and_newly_read_lists_make_due_what_they_may_mend(books: Books) -> None:
    """Settings: whatever is held or waits, of these accounts. Lists: what is mended in NetSuite."""
    setting, netsuite = _held(books, "r1", KLARNA.code, KLARNA.where), _held(books, "r2", "period_missing")

    assert waiting.netsuite_read("books", now=NOON) == 1
    assert [one.id for one in waiting.due(now=NOON)] == [netsuite]
    assert waiting.netsuite_read("elsewhere", now=NOON) == 0
    assert waiting.settings_changed(["other"], now=NOON) == 0
    assert waiting.settings_changed(["shop"], now=NOON) == 2
    assert [one.id for one in waiting.due(now=NOON)] == [setting, netsuite]


def test_a_payload_that_cannot_be_read_is_a_cause_too(books: Books) -> None:
    """It is held when it is kept, and shown beside the others."""
    odd = error("payload_unreadable", "odd", fix="", where="refundLineItems[3].quantity")
    retrieved = books.retrieved("r1")
    broken = type(retrieved)(
        **{
            **{name: getattr(retrieved, name) for name in retrieved.__dataclass_fields__},
            "refund": None,
            "findings": (odd,),
        }
    )
    books.keep(broken)

    [group] = causes.groups()
    assert group.cause == Cause(code="payload_unreadable", where="refundLineItems[].quantity")
