"""Works out the lines of a sale or refund: quantity, rate and amount, and their numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to
from contrapost_emulators.netsuite.transactions.gift_certificates import check_line
from contrapost_emulators.netsuite.transactions.groups import is_frame

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record

CUSTOM_PRICE = "-1"
BASE_PRICE = "1"
RATE_PLACES = 10
SUBTYPES = {"nonInventorySaleItem": "Sale", "nonInventoryResaleItem": "Resale"}


def price_lines(draft: Draft) -> None:
    """Give every line a number, a quantity, a rate and an amount."""
    lines = draft.lines("item")
    if not lines:
        raise Refused("no lines", "item")
    _number_lines(draft, lines)
    above = group = Decimal(0)
    for position, line in enumerate(lines):
        if is_frame(line):
            above, group = group, Decimal(0)
        else:
            above = _complete_line(draft, line, above, f"item.items[{position}]")
            group += above
        line.pop("_given", None)


def _complete_line(draft: Draft, line: Fields, above: Decimal, path: str) -> Decimal:
    """Price one line and check it; answers its amount, which a percentage on the next line is taken of."""
    item = _item(draft, line, path)
    _price_line(draft, line, item, above, path)
    _check_line(draft, line, item, path)
    return line.amount("amount")


def _number_lines(draft: Draft, lines: list[Fields]) -> None:
    number = max((int(str(line.get("line") or 0)) for line in lines), default=0)
    for line in lines:
        if line.get("line") is None:
            number += 1
            line["line"] = number
        line.setdefault("lineUniqueKey", str(draft.state.next_number("line key")))


def _item(draft: Draft, line: Fields, path: str) -> Record:
    if line.ref("item") is None:
        raise Refused("missing", f"{path}.item", name="Item")
    item = draft.state.require("item", line.need("item"))
    line["itemType"] = item.kind.code
    if subtype := SUBTYPES.get(item.kind.name):
        line["itemSubtype"] = subtype
    if item.kind.code != "Discount" and line.number("quantity") is None:
        line["quantity"] = Decimal(1)
    return item


def _price_line(draft: Draft, line: Fields, item: Record, above: Decimal, path: str) -> None:
    _read_rate_with_tax(draft, line)
    percent = _percentage(line, item)
    if percent is not None and "amount" not in _given(line):
        line["rate"] = f"{percent}%"
        line["amount"] = draft.rounded(above * percent / 100)
    elif line.number("amount") is not None:
        _rate_from_amount(draft, line)
    elif line.number("grossAmt") is not None:
        _amount_from_gross(draft, line)
        _rate_from_amount(draft, line)
    else:
        _amount_from_rate(draft, line, item, path)


def _read_rate_with_tax(draft: Draft, line: Fields) -> None:
    """A price with its tax, where no other amount is given, gives the line's gross amount."""
    gross = line.pop("rateIncludingTax", None)
    if isinstance(gross, Decimal) and not _given(line) & {"rate", "amount", "grossAmt"}:
        line.pop("amount", None)
        line["grossAmt"] = draft.rounded(gross * line.amount("quantity"))
        line["_given"] = _given(line) | {"grossAmt"}


def _given(line: Fields) -> frozenset[str]:
    given = line.get("_given")
    return given if isinstance(given, frozenset) else frozenset()


def _percentage(line: Fields, item: Record) -> Decimal | None:
    rate = line.get("rate", item.values.get("rate") if item.kind.code == "Discount" else None)
    if isinstance(rate, str) and rate.endswith("%"):
        return Decimal(rate.rstrip("%"))
    return None


def _amount_from_gross(draft: Draft, line: Fields) -> None:
    rate = line.number("taxRate1")
    code = draft.state.find("tax", line.ref("taxCode"))
    if rate is None:
        rate = percent_number(code.values.get("rate")) if code else Decimal(0)
    line["amount"] = draft.rounded(line.amount("grossAmt") / (1 + rate / 100))
    if code is not None:
        line["tax1Amt"] = line.amount("grossAmt") - line.amount("amount")


def _rate_from_amount(draft: Draft, line: Fields) -> None:
    line["amount"] = draft.rounded(line.amount("amount"))
    quantity = line.number("quantity")
    if _given(line) & {"amount", "grossAmt"} or line.get("rate") is None:
        line["price"] = {"id": CUSTOM_PRICE}
        if quantity:
            line["rate"] = round_to(line.amount("amount") / quantity, RATE_PLACES)


def _amount_from_rate(draft: Draft, line: Fields, item: Record, path: str) -> None:
    base = base_price(item)
    rate = line.number("rate")
    if base is not None and (rate is None or _level(line) != CUSTOM_PRICE):
        rate = base
        line["price"] = {"id": BASE_PRICE}
    if rate is None:
        raise Refused("missing", f"{path}.amount", name="Amount")
    line.setdefault("price", {"id": CUSTOM_PRICE})
    line["rate"] = rate
    quantity = line.number("quantity")
    line["amount"] = draft.rounded(rate * (Decimal(1) if quantity is None else quantity))


def _level(line: Fields) -> str:
    price = line.get("price")
    return str(price.get("id")) if isinstance(price, dict) else str(price)


def base_price(item: Record) -> Decimal | None:
    """The base price of an item, or none when it has no price."""
    if item.kind.code == "Discount":
        return item.values.number("rate")
    plain = item.values.number("basePrice")
    if plain is not None:
        return plain
    return next((price for line in item.lines("price") if (price := line.number("price")) is not None), None)


def percent_number(value: object) -> Decimal:
    """A rate such as `8.25` or `8.25%` as a number."""
    if isinstance(value, str):
        return Decimal(value.rstrip("%"))
    return value if isinstance(value, Decimal) else Decimal(0)


def _check_line(draft: Draft, line: Fields, item: Record, path: str) -> None:
    negative = line.amount("quantity") < 0 or line.amount("amount") < 0
    if negative and item.kind.code == "InvtPart" and draft.kind.code in {"CashRfnd", "CustCred"}:
        raise Refused("negative inventory", path)
    if item.kind.code == "GiftCert":
        check_line(draft, line, path)
