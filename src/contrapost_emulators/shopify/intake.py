"""Takes in orders as people write them down: checks every name and value against Shopify's schema.

The result is plain nodes: dictionaries with `__typename`, connections as lists. Nothing is filled in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLScalarType,
    get_named_type,
    is_non_null_type,
)

from contrapost_emulators.shopify import money
from contrapost_emulators.shopify.schema import (
    fields_of,
    is_abstract,
    is_connection,
    is_plain_list,
    node_type,
    object_type,
    schema,
)

if TYPE_CHECKING:
    from graphql import GraphQLOutputType

Node = dict[str, Any]


class RefusedError(ValueError):
    """What was given does not fit Shopify's schema; says where."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")


# Which type a value of an abstract type is when it does not say so itself: by the field that only that type has.
_TELLING = {
    "SalesAgreement": (("refund", "RefundAgreement"), ("return", "ReturnAgreement"), ("id", "OrderAgreement")),
    "Sale": (
        ("lineItem", "ProductSale"),
        ("shippingLine", "ShippingLineSale"),
        ("duty", "DutySale"),
        ("additionalFee", "AdditionalFeeSale"),
        ("fee", "FeeSale"),
    ),
    "ReturnLineItemType": (("fulfillmentLineItem", "ReturnLineItem"),),
}
_OTHERWISE = {
    "SalesAgreement": "OrderAgreement",
    "Sale": "AdjustmentSale",
    "ReturnLineItemType": "ReturnLineItem",
    "PaymentDetails": "CardPaymentDetails",
    "DiscountApplication": "ManualDiscountApplication",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values of one order, whose money is in these currencies where it does not say."""

    currency: str
    presentment: str

    def read(self, kind: GraphQLOutputType, value: object, path: str) -> object:
        """Reads one value of a type of the schema.

        Raises:
            RefusedError: a field is unknown or a value does not fit; the message says where.
        """
        if value is None:
            return None
        if is_connection(kind) or is_plain_list(kind):
            named = node_type(kind)
            return [self._one(named, each, f"{path}[{n}]") for n, each in enumerate(_items(value, path))]
        return self._one(get_named_type(kind), value, path)

    def _one(self, named: GraphQLNamedType, value: object, path: str) -> object:
        if isinstance(named, GraphQLEnumType):
            if not isinstance(value, str) or value not in named.values:
                raise RefusedError(path, f"{value!r} is none of {', '.join(named.values)}")
            return value
        if isinstance(named, GraphQLScalarType):
            return _scalar(named.name, value, path)
        if named.name == "MoneyBag":
            return self._bag(value, path)
        if named.name == "MoneyV2":
            return self._money(value, self.currency, path)
        if not isinstance(value, dict):
            raise RefusedError(path, f"{value!r} is no {named.name}")
        return self._node(named, value, path)

    def _node(self, named: GraphQLNamedType, value: Node, path: str) -> Node:
        concrete = _concrete(named, value, path) if is_abstract(named) else named.name
        fields = fields_of(object_type(concrete))
        node: Node = {"__typename": concrete}
        for name, given in value.items():
            if name == "__typename":
                continue
            if name not in fields:
                raise RefusedError(
                    f"{path}.{name}", f"Shopify's {concrete} has no such field, or it is not served here"
                )
            node[name] = self._field(concrete, name, given, f"{path}.{name}")
            if given is None and is_non_null_type(fields[name].type):
                del node[name]
        return node

    def _field(self, parent: str, name: str, given: object, path: str) -> object:
        if name == "id":
            return None if given is None else gid(parent, given, path)
        return self.read(object_type(parent).fields[name].type, given, path)

    def _bag(self, value: object, path: str) -> money.Bag:
        if not isinstance(value, dict):
            return money.bag(self._money(value, self.currency, path))
        unknown = value.keys() - {"__typename", "shopMoney", "presentmentMoney"}
        if unknown:
            raise RefusedError(f"{path}.{min(unknown)}", "Shopify's MoneyBag has no such field")
        given = value.get("shopMoney", value.get("presentmentMoney"))
        shop = self._money(given, self.currency, f"{path}.shopMoney")
        if value.get("presentmentMoney") is None:
            return money.bag(shop)
        return money.bag(shop, self._money(value["presentmentMoney"], self.presentment, f"{path}.presentmentMoney"))

    def _money(self, value: object, currency: str, path: str) -> money.Bag:
        if isinstance(value, dict):
            unknown = value.keys() - {"__typename", "amount", "currencyCode"}
            if unknown:
                raise RefusedError(f"{path}.{min(unknown)}", "Shopify's MoneyV2 has no such field")
            code = value.get("currencyCode", currency)
            currency = str(self._one(schema().type_map["CurrencyCode"], code, f"{path}.currencyCode"))
            value = value.get("amount")
        try:
            return money.one(value, currency)
        except ValueError as wrong:
            raise RefusedError(path, str(wrong)) from None


def gid(kind: str, given: object, path: str) -> str:
    """Reads an id: Shopify's global one, or its number.

    Raises:
        RefusedError: it is neither, or the id of another type.
    """
    text = str(given)
    if text.isdigit():
        return f"gid://shopify/{kind}/{text}"
    if text.startswith(f"gid://shopify/{kind}/") and text.rsplit("/", 1)[1]:
        return text
    if kind.endswith(("Sale", "Agreement")) and text.startswith("gid://shopify/"):
        return text
    raise RefusedError(path, f"{text!r} is no id of a {kind}: give gid://shopify/{kind}/NUMBER or the number alone")


def moment(text: object, path: str) -> str:
    """Reads a date and time, and writes it as Shopify does: in UTC, to the second.

    Raises:
        RefusedError: it is none, or it has no zone.
    """
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        raise RefusedError(path, f"{text!r} is no date and time in ISO 8601") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _concrete(named: GraphQLNamedType, value: Node, path: str) -> str:
    possible = {each.name for each in schema().get_possible_types(named)}  # type: ignore[arg-type] # is_abstract was asked
    said = value.get("__typename")
    if said is not None:
        if said not in possible:
            raise RefusedError(f"{path}.__typename", f"{said!r} is none of {', '.join(sorted(possible))}")
        return str(said)
    for field, concrete in _TELLING.get(named.name, ()):
        if field in value and field != "id":
            return concrete
    return _OTHERWISE.get(named.name) or min(possible)


def _items(value: object, path: str) -> list[object]:
    if isinstance(value, dict) and value.keys() <= {"nodes", "edges", "pageInfo", "__typename"}:
        if "nodes" in value:
            return _items(value["nodes"], f"{path}.nodes")
        value = [each.get("node") for each in value.get("edges") or () if isinstance(each, dict)]
    if not isinstance(value, list):
        raise RefusedError(path, "takes a list, or a connection given as {nodes: […]} or {edges: [{node: …}]}")
    return value


def _scalar(name: str, value: object, path: str) -> object:
    if name == "DateTime":
        return moment(value, path)
    if name in {"Decimal", "Money"}:
        try:
            return money.amount_text(value, "")
        except ValueError as wrong:
            raise RefusedError(path, str(wrong)) from None
    if name in {"Int", "UnsignedInt64", "BigInt"}:
        return _whole(value, path) if name == "Int" else str(_whole(value, path))
    if name == "Boolean" and not isinstance(value, bool):
        raise RefusedError(path, f"{value!r} is neither true nor false")
    if name == "Float":
        return _number(value, path)
    if name in {"String", "URL", "ID"} and not isinstance(value, str | int | Decimal):
        raise RefusedError(path, f"{value!r} is no text")
    return str(value) if name in {"String", "URL", "ID"} else value


def _whole(value: object, path: str) -> int:
    if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
        raise RefusedError(path, f"{value!r} is no whole number")
    return int(str(value))


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RefusedError(path, f"{value!r} is no number")
    return float(value)


def read_order(value: object, currency: str, path: str) -> Node:
    """Reads one order as it was given.

    Raises:
        RefusedError: a field is unknown or a value does not fit; the message says where.
    """
    if not isinstance(value, dict):
        raise RefusedError(path, "takes an Order in the shape of the Admin API")
    own = str(value.get("currencyCode") or currency)
    reader = Reader(own, str(value.get("presentmentCurrencyCode") or own))
    order = reader._node(object_type("Order"), value, path)  # noqa: SLF001 - same concept, same file
    if "id" not in order and "legacyResourceId" in order:
        order["id"] = gid("Order", order["legacyResourceId"], f"{path}.legacyResourceId")
    return order
