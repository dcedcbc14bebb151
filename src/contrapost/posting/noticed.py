"""What became of a record since it was posted or adopted: vanished, void, or changed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import LABELS, RecordType
from contrapost.refunds.changes import Apart, Change, Side
from contrapost.refunds.finding import error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from contrapost.netsuite.answers import Standing

_FIX = "Compare both below; then prepare the correction, or keep what stands with a reason."


def change_of(before: Standing, now: Standing | None, account: Callable[[str], str]) -> Change | None:
    """Says what became of a record; None where it stands as it did.

    Costs that NetSuite books by itself do not count: it may reckon them anew at any time.

    Args:
        before: as it was read back; with an empty ledger where that was not kept.
        now: as it stands; None where NetSuite does not have it any more.
        account: gives the name of an account by its internal id.
    """
    label = f"{LABELS.get(RecordType(before.record), before.record)} {before.tranid or before.id}"
    if now is None:
        said = f"NetSuite does not have {label} any more: it was deleted there after it was posted."
        return _change("vanished_in_netsuite", said, before, (Apart(what=label, before=str(before.total), now=""),))
    if now.voided:
        said = f"The {label} was voided in NetSuite after it was posted."
        return _change("voided_in_netsuite", said, before, (Apart(what=label, before=str(before.total), now="void"),))
    apart = tuple(_apart(label, before, now, account))
    if not apart:
        return None
    said = f"The {label} was changed in NetSuite after it was posted: {', '.join(one.what for one in apart)}."
    return _change("changed_in_netsuite", said, before, apart)


def _change(code: str, said: str, before: Standing, apart: tuple[Apart, ...]) -> Change:
    return Change(side=Side.NETSUITE, finding=error(code, said, fix=_FIX), apart=apart, record=before.id)


def _apart(label: str, before: Standing, now: Standing, account: Callable[[str], str]) -> Iterable[Apart]:
    if before.total != now.total:
        yield Apart(what=f"total of {label}", before=str(before.total), now=str(now.total))
    if not before.ledger:
        return
    was, stands = dict(before.ledger), dict(now.booked)
    for one in sorted(was.keys() | stands.keys()):
        if was.get(one) != stands.get(one):
            yield Apart(what=f"account {account(one)}", before=_side(was.get(one)), now=_side(stands.get(one)))


def _side(net: Decimal | None) -> str:
    """Says a net as its side of the ledger: `12.50 debit`."""
    return f"{abs(net):.2f} {'debit' if net > 0 else 'credit'}" if net else ""
