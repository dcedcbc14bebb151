"""Gift certificates: a sale of their item makes one, which its refund takes back; they have no external id."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS
from contrapost_emulators.netsuite.state import Record
from contrapost_emulators.netsuite.transactions.quantities import BILLS, REFUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost_emulators.netsuite.state import State
    from contrapost_emulators.netsuite.transactions.draft import Draft

SALES = BILLS | {"SalesOrd"}
REQUIRED = (
    ("giftCertFrom", "From (Name)"),
    ("giftCertRecipientName", "To (Name)"),
    ("giftCertRecipientEmail", "To (Email)"),
)
# What the certificate takes from the line it was sold on.
TAKEN = {"sender": "giftCertFrom", "name": "giftCertRecipientName", "email": "giftCertRecipientEmail"}


def check_line(draft: Draft, line: Fields, path: str) -> None:
    """Refuse to sell a gift certificate that names no sender or recipient."""
    if draft.kind.code in SALES:
        for name, label in REQUIRED:
            if not line.text(name):
                raise Refused("missing", f"{path}.{name}", name=label)


def settle_certificates(state: State, before: Record | None, after: Record | None) -> None:
    """Bring certificates in line with a transaction that was saved, changed or deleted."""
    sold = {code for code, _ in _lines(before)} - {code for code, _ in _lines(after)}
    for record in (before, after):
        if record is not None and record.kind.code in REFUNDS:
            for code, _ in _lines(record):
                _refresh(state, code)
    if after is not None and after.kind.code in BILLS:
        for code, line in _lines(after):
            _issue(state, after, line, code)
    if before is not None and before.kind.code in BILLS:
        for code in sold:
            certificate = _find(state, code)
            if certificate is not None:
                state.remove(certificate)


def set_codes(draft: Draft) -> None:
    """Give each gift certificate that is billed a code, unless it has one, which no other may have."""
    own = {code for code, _ in _lines(draft.before)}
    for position, line in enumerate(draft.lines("item")):
        if line.text("itemType") != "GiftCert":
            continue
        code = line.text("giftCertNumber")
        if code is None:
            line["giftCertNumber"] = f"GC{draft.state.next_number('gift certificate code'):07d}"
        elif code not in own and _find(draft.state, code) is not None:
            raise Refused("gift certificate code", f"item.items[{position}].giftCertNumber", code=code)


def _lines(record: Record | None) -> Iterable[tuple[str, Fields]]:
    """The lines of a transaction that name a certificate."""
    for line in record.lines("item") if record is not None else ():
        code = line.text("giftCertNumber")
        if code is not None and line.text("itemType") == "GiftCert":
            yield code, line


def _find(state: State, code: str) -> Record | None:
    return state.find("giftCertificate", state.names.get(_key(code)))


def _key(code: str) -> str:
    return f"giftCertificate:{code.lower()}"


def _issue(state: State, sale: Record, line: Fields, code: str) -> None:
    held, now = _find(state, code), state.clock.now()
    amount = line.amount("amount")
    values = Fields(giftCertCode=code, originalAmount=amount, message=line.get("giftCertMessage"), _sale=sale.id)
    values.update({name: line.get(source) for name, source in TAKEN.items()})
    days = state.require("item", line.need("item")).values.get("daysBeforeExpiration")
    sold = sale.values.day("tranDate")
    if isinstance(days, int) and sold is not None:
        values["expirationDate"] = sold + timedelta(days=days)
    record_id = held.id if held else str(state.next_number("giftCertificate id"))
    state.names[_key(code)] = record_id
    kind = KINDS["giftcertificate"]
    state.put(Record(kind, record_id, values, {}, held.created if held else now, now))
    _refresh(state, code)


def _refresh(state: State, code: str) -> None:
    """Work out what a certificate is still worth: what it was sold for, less what refunds took back."""
    held = _find(state, code)
    if held is None:
        return
    returned = sum((line.amount("amount") for line in _returned(state, held, code)), Decimal(0))
    values = held.values.copy()
    values["amountRemaining"] = max(held.values.amount("originalAmount") - returned, Decimal(0))
    state.put(replace(held, values=values, modified=state.clock.now()))


def _returned(state: State, certificate: Record, code: str) -> list[Fields]:
    made = state.children_of(certificate.values.need("_sale"))
    made += [child for one in made if one.kind.code == "RtnAuth" for child in state.children_of(one.id)]
    return [line for one in made if one.kind.code in REFUNDS for held, line in _lines(one) if held == code]
