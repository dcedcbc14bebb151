"""Sales, payments and credits of a case as NetSuite takes them over REST."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapping_world import Books

Body = dict[str, Any]
NONE = Decimal(0)
PERCENT = Decimal("8.25")
"""The rate of tax where a case does not say it."""
_REFERENCES = ("location", "department", "class")
_LINE_WORDS = {"item", "quantity", "amount", "tax", "percent", "taxes", "order_line", "fields", *_REFERENCES}


def to(name: str) -> Body:
    """A reference by external id: every record of the chart has its name as one."""
    return {"externalId": external(name)}


def external(name: str) -> str:
    """A name as an external id takes it."""
    return "".join(letter if letter.isalnum() or letter in "_-" else "-" for letter in name)


@dataclass
class Document:
    """A sale or a credit on its way into NetSuite: its lines, and the tax that goes with them."""

    books: Books
    regime: str
    tax_kind: str
    lines: list[Body] = field(default_factory=list)
    details: list[Body] = field(default_factory=list)

    def line(self, given: Body, **more: Any) -> None:
        """Adds a line: item, quantity, amount, and tax at a rate."""
        assert set(given) <= _LINE_WORDS, f"a line has no {', '.join(set(given) - _LINE_WORDS)}"
        reference = f"L{len(self.lines) + 1}"
        line = {"item": to(given["item"]), **more}
        if "quantity" in given:
            line["quantity"] = Decimal(given["quantity"])
        if "amount" in given:  # a group has none: its members are priced
            line |= {"amount": Decimal(given["amount"]), "price": {"id": "-1"}, "taxDetailsReference": reference}
        line |= {name: to(given[name]) for name in _REFERENCES if name in given}
        line |= given.get("fields", {})
        if self.regime == "suitetax":
            self._detail(reference, given)
        elif "tax" in given and self.regime == "legacy":
            percent = Decimal(given.get("percent", PERCENT))
            line |= {"taxCode": self.books.tax_code("", percent, self.tax_kind), "tax1Amt": Decimal(given["tax"])}
        self.lines.append(line)

    def discount(self, given: Body) -> Body:
        """Adds a discount line, or gives the fields of a discount in the header."""
        rate = f"{given['percent']}%" if "percent" in given else Decimal(given["amount"])
        if given.get("header"):
            return {"discountItem": to("DISC"), "discountRate": rate}
        self.lines.append({"item": to("DISC"), "rate": rate, "taxDetailsReference": f"L{len(self.lines) + 1}"})
        return {}

    def shipping(self, given: Body) -> Body:
        """Gives the fields of shipping in the header."""
        body: Body = {"shipMethod": to("SHIP"), "shippingCost": Decimal(given["amount"])}
        if self.regime == "suitetax":
            self._detail("SHIPPING", given)
        elif "tax" in given:
            percent = Decimal(given.get("percent", PERCENT))
            body["shippingTaxCode"] = self.books.tax_code("", percent, self.tax_kind)
        return body

    def _detail(self, reference: str, given: Body) -> None:
        taxes = given.get("taxes", [given] if given.get("tax") else [])
        for tax in taxes:
            percent = Decimal(tax.get("percent", PERCENT))
            self.details.append(
                {
                    "taxDetailsReference": reference,
                    "taxType": to(self.tax_kind),
                    "taxCode": self.books.tax_code(tax.get("code", ""), percent, self.tax_kind, tax.get("account")),
                    "taxBasis": Decimal(given["amount"]),
                    "taxRate": percent,
                    "taxAmount": Decimal(tax["tax"]),
                }
            )

    @property
    def body(self) -> Body:
        """The lines and their tax."""
        body: Body = {"item": {"items": self.lines}}
        if self.details:
            body |= {"taxDetailsOverride": True, "taxDetails": {"items": self.details}}
        return body


def _document(books: Books, given: Body) -> Document:
    regime = "of the order" if "order_tax" in given else given.get("tax", "suitetax")
    return Document(books, regime, "VAT" if given.get("vat") else "Sales tax")


def sale(books: Books, given: Body, source_lines: list[Body] | None = None) -> Body:
    """The body of an order or a bill; made from an order, its lines name the order's lines."""
    document = _document(books, given)
    body: Body = {"tranDate": str(given.get("day", books.billed_on))}
    for one in given.get("lines", ()):
        document.line(one, **_order_line(one, source_lines))
    for one in given.get("discounts", ()):
        body |= document.discount(one)
    if "shipping" in given:
        body |= document.shipping(given["shipping"])
    if "order_tax" in given:
        percent = Decimal(given["order_tax"].get("percent", PERCENT))
        body |= {"taxItem": books.tax_code("", percent, document.tax_kind), "taxRate": percent}
    if source_lines is None:
        body |= {"entity": to(given.get("customer", "Online customer")), "otherRefNum": given.get("name", books.order)}
        body["currency"] = books.currency(given.get("currency", "USD"))
    if "rate" in given:
        body["exchangeRate"] = Decimal(given["rate"])
    body |= {name: to(given[name]) for name in _REFERENCES if name in given}
    return {**body, **(document.body if document.lines else {}), **given.get("fields", {})}


def _order_line(line: Body, source_lines: list[Body] | None) -> Body:
    if source_lines is None:
        return {}
    fits = (n for n, one in enumerate(source_lines, start=1) if one["item"] == line["item"])
    return {"orderLine": line.get("order_line") or next(fits)}


def credit(books: Books, given: Body, of: Body) -> Body:
    """The body of a credit that someone entered by hand, made from a bill."""
    document = _document(books, of)
    numbers = {one["item"]: n for n, one in reversed(list(enumerate(of["lines"], start=1)))}
    for one in given.get("lines", ()):
        document.line(one, **({"orderLine": numbers[one["item"]]} if one["item"] in numbers else {}))
    if not document.lines:
        document.lines.append({"orderLine": 1, "quantity": NONE, "amount": NONE})
    body: Body = {"tranDate": str(given.get("day", books.billed_on))}
    if "shipping" in of:
        body["shippingCost"] = Decimal(given.get("shipping", 0))
    if any(one.get("header") for one in of.get("discounts", ())):
        body["discountRate"] = Decimal(given.get("discount", 0))
    if "rate" in of:
        body["exchangeRate"] = Decimal(of["rate"])
    if document.regime == "suitetax":
        body |= {"taxDetailsOverride": True, "taxDetails": {"items": []}}
    return {**body, **document.body}
