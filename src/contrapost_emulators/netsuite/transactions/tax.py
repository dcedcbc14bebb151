"""Tax of a sale or refund, in both of NetSuite's forms: tax codes (legacy) and tax details (SuiteTax)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.transactions.groups import goods
from contrapost_emulators.netsuite.transactions.pricing import percent_number

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import State
    from contrapost_emulators.netsuite.transactions.draft import Draft

SHIPPING = "SHIPPING"


@dataclass(frozen=True, slots=True)
class Tax:
    """One amount of tax: its code, rate, basis, and the account it goes to."""

    code: str | None
    rate: Decimal
    basis: Decimal
    amount: Decimal
    account: str


def work_out_tax(draft: Draft) -> list[Tax]:
    """The taxes of a draft; its lines and tax details are completed on the way."""
    _name_lines(draft)
    if draft.fields.flag("taxDetailsOverride"):
        return _overridden(draft)
    if draft.lines("taxDetails"):
        return _from_details(draft)
    return _grouped(_from_codes(draft)) + _from_header(draft)


def _name_lines(draft: Draft) -> None:
    for line in draft.lines("item"):
        line.setdefault("taxDetailsReference", f"{draft.id}_{line['line']}")


def _overridden(draft: Draft) -> list[Tax]:
    """Tax details as they were sent: each must name a line, and no line of 0.00 may carry tax alone."""
    bases = _bases(draft)
    if "taxDetails" in draft.given.sublists:
        draft.sublists["taxDetails"] = draft.given.sublists["taxDetails"]
    taxes = []
    for position, detail in enumerate(draft.lines("taxDetails")):
        reference = detail.text("taxDetailsReference") or ""
        path = f"taxDetails.items[{position}]"
        if reference not in bases:
            raise Refused("tax reference", f"{path}.taxDetailsReference", value=reference)
        detail["taxBasis"] = draft.rounded(detail.number("taxBasis") or bases[reference])
        detail["taxAmount"] = draft.rounded(detail.amount("taxAmount"))
        if detail.amount("taxAmount") and not bases[reference]:
            raise Refused("tax only line", path)
        taxes.append(_detail_tax(draft.state, detail))
    return _grouped(taxes)


def _from_details(draft: Draft) -> list[Tax]:
    """Details carried over from a source document, worked out anew on what the lines are now."""
    bases = _bases(draft)
    kept = [d for d in draft.lines("taxDetails") if d.text("taxDetailsReference") in bases]
    for detail in kept:
        basis = bases[str(detail["taxDetailsReference"])]
        detail["taxBasis"] = basis
        detail["taxAmount"] = draft.rounded(basis * percent_number(detail.get("taxRate")) / 100)
    draft.sublists["taxDetails"] = kept
    return _grouped([_detail_tax(draft.state, detail) for detail in kept])


def _bases(draft: Draft) -> dict[str, Decimal]:
    bases = {str(line["taxDetailsReference"]): line.amount("amount") for line in draft.lines("item")}
    if draft.fields.amount("shippingCost"):
        bases[SHIPPING] = draft.fields.amount("shippingCost")
    return bases


def _detail_tax(state: State, detail: Fields) -> Tax:
    code = detail.ref("taxCode")
    rate = percent_number(detail.get("taxRate"))
    account = tax_account(state, code, detail.ref("taxType"))
    return Tax(code, rate, detail.amount("taxBasis"), detail.amount("taxAmount"), account)


def tax_account(state: State, code: str | None, tax_type: str | None = None) -> str:
    """The liability account of a tax code, else of its type, else the account's default."""
    tax = state.find("tax", code)
    kind = state.find("taxType", tax_type or (tax.values.ref("taxType") if tax else None))
    for record in (tax, kind):
        if record is not None and (account := record.values.ref("taxAccount")):
            return account
    return state.roles["tax"]


def code_rate(state: State, code: str | None) -> Decimal:
    """The percentage of a tax code."""
    tax = state.find("tax", code)
    return percent_number(tax.values.get("rate")) if tax else Decimal(0)


def _from_codes(draft: Draft) -> list[Tax]:
    """Tax of each line that has a tax code, and of shipping."""
    taxes = []
    share = discount_share(draft)
    for position, line in enumerate(draft.lines("item")):
        code = line.ref("taxCode")
        if code is None:
            _refuse_tax_without_code(line, position)
            continue
        line["taxRate1"] = _line_rate(draft, line, code)
        basis = line.amount("amount") * share
        if line.number("tax1Amt") is None:
            line["tax1Amt"] = draft.rounded(basis * line.amount("taxRate1") / 100)
        if line.amount("tax1Amt") and not line.amount("amount"):
            raise Refused("tax only line", f"item.items[{position}]")
        line["grossAmt"] = line.amount("amount") + line.amount("tax1Amt")
        taxes.append(_code_tax(draft, code, line.amount("taxRate1"), basis, line.amount("tax1Amt")))
    return taxes + _shipping_tax(draft)


def _refuse_tax_without_code(line: Fields, position: int) -> None:
    if line.amount("tax1Amt"):
        raise Refused("missing", f"item.items[{position}].taxCode", name="Tax Code")


def _line_rate(draft: Draft, line: Fields, code: str) -> Decimal:
    given = line.get("taxRate1")
    return code_rate(draft.state, code) if given is None else percent_number(given)


def _code_tax(draft: Draft, code: str | None, rate: Decimal, basis: Decimal, amount: Decimal) -> Tax:
    return Tax(code, rate, draft.rounded(basis), draft.rounded(amount), tax_account(draft.state, code))


def _shipping_tax(draft: Draft) -> list[Tax]:
    code = draft.fields.ref("shippingTaxCode")
    cost = draft.fields.amount("shippingCost")
    if code is None or not cost:
        return []
    rate = code_rate(draft.state, code)
    return [_code_tax(draft, code, rate, cost, cost * rate / 100)]


def discount_share(draft: Draft) -> Decimal:
    """The part of the line amounts that is left as tax basis after a header discount before tax."""
    discount = draft.fields.amount("discountTotal")
    subtotal = draft.fields.amount("subtotal")
    item = draft.state.find("item", draft.fields.ref("discountItem"))
    before_tax = item is None or item.values.flag("isPreTax", default=True)
    return (subtotal + discount) / subtotal if discount and subtotal and before_tax else Decimal(1)


def _from_header(draft: Draft) -> list[Tax]:
    """One tax for the document, on the lines that are taxable and have no tax code of their own."""
    code = draft.fields.ref("taxItem")
    given = draft.fields.get("taxRate")
    if code is None and given is None:
        return []
    rate = code_rate(draft.state, code) if given is None else percent_number(given)
    draft.fields["taxRate"] = rate
    lines = [line for line in goods(draft.lines("item")) if line.ref("taxCode") is None]
    taxable = [line for line in lines if _taxable(draft, line)]
    basis = sum((line.amount("amount") for line in taxable), Decimal(0)) * discount_share(draft)
    return [_code_tax(draft, code, rate, basis, basis * rate / 100)]


def _taxable(draft: Draft, line: Fields) -> bool:
    item = draft.state.require("item", line.need("item"))
    usual = item.kind.code != "GiftCert"  # money paid ahead; what it buys later is taxed
    line.setdefault("isTaxable", item.values.flag("isTaxable", default=usual))
    return line.flag("isTaxable", default=True)


def _grouped(taxes: list[Tax]) -> list[Tax]:
    groups: dict[tuple[str | None, Decimal], Tax] = {}
    for tax in taxes:
        key = (tax.code, tax.rate)
        held = groups.get(key)
        basis, amount = (held.basis, held.amount) if held else (Decimal(0), Decimal(0))
        groups[key] = Tax(tax.code, tax.rate, basis + tax.basis, amount + tax.amount, tax.account)
    return list(groups.values())
