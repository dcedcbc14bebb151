"""Sets documents against each other: payments and memos to invoices, refunds to memos and deposits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.state import Application, Record, State

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.transactions.draft import Draft

# What each kind of document may be applied to.
TARGETS: dict[str, frozenset[str]] = {
    "CustCred": frozenset({"CustInvc"}),
    "CustPymt": frozenset({"CustInvc"}),
    "DepAppl": frozenset({"CustInvc"}),
    "CustRfnd": frozenset({"CustCred", "CustPymt", "DepAppl"}),
}
TOTAL_FIELDS = {"CustPymt": "payment", "CustDep": "payment"}


def total_of(record: Record) -> Decimal:
    """The amount of a document that can be set against others."""
    return record.values.amount(TOTAL_FIELDS.get(record.kind.code, "total"))


def applied_amount(state: State, record_id: str) -> Decimal:
    """How much of a document is already set against others, in either direction."""
    return sum((held.amount for held in state.applications.get(record_id) or ()), Decimal(0))


def open_amount(state: State, record: Record) -> Decimal:
    """How much of a document is still open."""
    own = applied_amount(state, record.id)
    if record.kind.code == "DepAppl":  # it takes its amount from the deposit; only the other side counts
        own -= sum(
            (a.amount for a in state.applications.get(record.id) or () if _is_deposit(state, a.to)),
            Decimal(0),
        )
    return total_of(record) - own


def _is_deposit(state: State, record_id: str) -> bool:
    return state.require("transaction", record_id).kind.code == "CustDep"


def party(values: Fields) -> str | None:
    """The customer of a document, whichever field holds it."""
    return values.ref("entity") or values.ref("customer")


def receivable_account(record: Record) -> str | None:
    """The receivables account a document stands on."""
    return record.values.ref("arAcct") or record.values.ref("account")


def settle(draft: Draft, total: Decimal | None, account: str) -> list[Application]:
    """The applications a draft's `apply` lines ask for; a total of none means: as much as they sum to."""
    lines = [line for line in draft.lines("apply") if line.flag("apply", default=True)]
    lines = [line for line in lines if not _misfit_offer(draft, line, account)]
    applications: list[Application] = []
    left = total
    for position, line in enumerate(lines):
        target = _target(draft, line, account, f"apply.items[{position}]")
        amount = _amount(draft, line, target, left)
        if left is not None:
            left -= amount
        line["amount"], line["apply"] = amount, True
        line.setdefault("line", 0)
        applications.append(Application(draft.id, target.id, amount))
    if left is not None and _is_automatic(draft):
        applications += _oldest_first(draft, left, account, {a.to for a in applications})
    applications = [held for held in applications if held.amount]
    draft.sublists["apply"] = [_shown(draft.state, held) for held in applications]
    return applications


def _is_automatic(draft: Draft) -> bool:
    """Whether the rest goes to the oldest invoices: a saved document is spread again only when asked to be."""
    return draft.fields.flag("autoApply") and (draft.before is None or "autoApply" in draft.given.fields)


def _misfit_offer(draft: Draft, line: Fields, account: str) -> bool:
    """Whether a line the transform offered, and nobody asked for, stands on another receivables account."""
    offered = line.flag("_offered")
    return offered and not fits(draft, draft.state.require("transaction", line.need("doc")), account)


def _target(draft: Draft, line: Fields, account: str, path: str) -> Record:
    if line.ref("doc") is None:
        raise Refused("missing", f"{path}.doc", name="Doc")
    target = draft.state.require("transaction", line.need("doc"))
    if not fits(draft, target, account):
        raise Refused("cannot apply", f"{path}.doc", doc=target.name)
    return target


def fits(draft: Draft, target: Record, account: str) -> bool:
    """Whether a document may be applied: right kind, and same customer, currency and receivables account."""
    return (
        target.kind.code in TARGETS[draft.kind.code]
        and party(target.values) == party(draft.fields)
        and target.values.ref("currency") == draft.fields.ref("currency")
        and receivable_account(target) == account
    )


def _amount(draft: Draft, line: Fields, target: Record, left: Decimal | None) -> Decimal:
    free = open_amount(draft.state, target)
    wanted = line.number("amount")
    if wanted is None:
        return free if left is None else min(free, left)
    wanted = draft.rounded(wanted)
    if wanted > free or wanted < 0:
        raise Refused("over-applied", amount=wanted, doc=target.name, open=free)
    if left is not None and wanted > left:
        raise Refused("over-applied total", amount=wanted, open=left)
    return wanted


def _oldest_first(draft: Draft, left: Decimal, account: str, taken: set[str]) -> list[Application]:
    applications = []
    invoices = [r for r in draft.state.kind("invoice") if r.id not in taken and fits(draft, r, account)]
    for invoice in sorted(invoices, key=lambda r: (str(r.values.day("tranDate")), int(r.id))):
        amount = min(left, open_amount(draft.state, invoice))
        applications.append(Application(draft.id, invoice.id, amount))
        left -= amount
    return applications


def _shown(state: State, held: Application) -> Fields:
    target = state.require("transaction", held.to)
    return Fields(
        doc=target.id,
        line=0,
        apply=True,
        amount=held.amount,
        total=total_of(target),
        due=open_amount(state, target),
        refNum=target.values.text("tranId"),
        type=target.kind.label,
        applyDate=target.values.day("tranDate"),
    )


def join(state: State, applications: list[Application]) -> None:
    """Record applications on both documents."""
    for held in applications:
        for end in (held.by, held.to):
            state.applications[end] = (*(state.applications.get(end) or ()), held)


def part(state: State, record_id: str) -> list[str]:
    """Take back what a document applies; answers the documents it was applied to."""
    mine = [held for held in state.applications.get(record_id) or () if held.by == record_id]
    for held in mine:
        for end in (held.by, held.to):
            rest = list(state.applications.get(end) or ())
            rest.remove(held)
            state.applications[end] = tuple(rest)
    return [held.to for held in mine]
