"""The cash accounts that refunded money left from. There is no default: an unmapped gateway is a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contrapost.refunds.document import Charge, ChargeKind, TenderKind, TenderStatus
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from contrapost.mapping.terms import Terms
    from contrapost.refunds.document import Refund, Tender


@dataclass(frozen=True, slots=True)
class Outlay:
    """Money that left from one cash account, and the gateways it went by."""

    account: str
    """Internal id."""
    amount: Money
    gateways: tuple[str, ...]


def outlays(refund: Refund, subsidiary: str, terms: Terms) -> tuple[tuple[Outlay, ...], tuple[Finding, ...]]:
    """Sums a refund's successful money by the account it left from: one per gateway, currency and subsidiary."""
    sums: dict[str, Outlay] = {}
    findings: dict[str, Finding] = {}
    for tender in money_of(refund):
        named = terms.profile.cash_account(tender.gateway, refund.currency, subsidiary)
        account = terms.lists.account(named) if named else None
        if account is None:
            findings.setdefault(tender.gateway, _not_mapped(tender.gateway, named, refund.currency))
            continue
        held = sums.get(account.id, Outlay(account.id, Money.zero(refund.currency), ()))
        gateways = tuple(dict.fromkeys((*held.gateways, tender.gateway)))
        sums[account.id] = replace(held, amount=held.amount + tender.amount, gateways=gateways)
    return tuple(sums.values()), tuple(findings.values())


def money_of(refund: Refund) -> tuple[Tender, ...]:
    """Gives the movements of money that succeeded."""
    return tuple(
        tender
        for tender in refund.tenders
        if tender.kind is TenderKind.MONEY and tender.status is TenderStatus.SUCCEEDED and tender.amount
    )


def with_fees(refund: Refund) -> Refund:
    """Gives the refund with its marketplace's fees as charges of its own, and its money net of them.

    That is what the settlement shows: 50.00 refunded, 7.50 of commission given back, 1.50 taken for the refund, and
    44.00 that left.
    """
    fees = total((fee.amount for fee in refund.store_fees), refund.currency)
    first = next(iter(money_of(refund)), None)
    if first is None or not refund.store_fees:
        return refund
    zero = Money.zero(refund.currency)
    charges = (
        Charge(kind=ChargeKind.STORE_FEE, credited=fee.amount, tax=zero, title=fee.name) for fee in refund.store_fees
    )
    tenders = (replace(one, amount=one.amount + fees) if one is first else one for one in refund.tenders)
    return replace(refund, charges=(*refund.charges, *charges), tenders=tuple(tenders), store_fees=())


def _not_mapped(gateway: str, named: str | None, currency: str) -> Finding:
    where = f"cash_account.{gateway}"
    if named:
        return error(
            "account_unknown",
            f"The account's setting {where} names {named!r}, and NetSuite has no such account.",
            fix="Give the account's number as NetSuite's chart of accounts shows it, or id: and its internal id.",
            where=where,
        )
    return error(
        "cash_account_not_mapped",
        f"Money was refunded through {gateway} in {currency}, and the account names no cash account for it.",
        fix=f"Name one: contrapost accounts set ACCOUNT --set {where}=NUMBER.",
        where=where,
    )
