"""Finds the value of every field of a query in the stored orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLResolveInfo,
    get_named_type,
    is_non_null_type,
)

from contrapost_emulators.shopify import money
from contrapost_emulators.shopify.paging import CursorError, page
from contrapost_emulators.shopify.schema import concrete_name, is_abstract, is_connection, is_plain_list
from contrapost_emulators.shopify.search import SearchError, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLOutputType

    from contrapost_emulators.shopify.intake import Node
    from contrapost_emulators.shopify.shop import Shop

SORTS: dict[str, Callable[[Node], Any]] = {
    "CREATED_AT": lambda order: order["createdAt"],
    "UPDATED_AT": lambda order: order["updatedAt"],
    "PROCESSED_AT": lambda order: order["processedAt"],
    "ORDER_NUMBER": lambda order: order["number"],
    "ID": lambda order: int(order["id"].rsplit("/", 1)[1]),
}
_PLAIN = {
    "BigInt": "0", "Boolean": False, "Decimal": "0.0", "Float": 0.0, "FormattedString": "", "HTML": "", "Int": 0,
    "JSON": {}, "Money": "0.00", "StorefrontID": "", "String": "", "UnsignedInt64": "0",
    "URL": "https://example.invalid/",
}  # fmt: skip
_NEEDS = {
    ("QueryRoot", "orders"): "read_orders",
    ("QueryRoot", "order"): "read_orders",
    ("QueryRoot", "refund"): "read_orders",
    ("QueryRoot", "return"): "read_returns",
    ("QueryRoot", "shopifyPaymentsAccount"): "read_shopify_payments_payouts",
    ("Order", "returns"): "read_returns",
    ("Refund", "return"): "read_returns",
}


def resolve(source: Node | Shop, info: GraphQLResolveInfo[Any], **given: Any) -> Any:  # noqa: ANN401 - as graphql-core calls it
    """Gives the value of one field: asked of the shop, stored, or what a real shop would have for nothing."""
    shop: Shop = info.context
    _allow(shop, info)
    if info.parent_type.name == "QueryRoot":
        return _root(shop, info, given)
    if not isinstance(source, dict):
        return getattr(source, info.field_name, None)
    value = source.get(info.field_name)
    if info.field_name == "balanceTransactions":
        test = _tested(shop, given)
        return _paged([each for each in value or () if test(each)], given)
    if is_connection(info.return_type) and not (isinstance(value, dict) and "nodes" in value):
        return _paged(list(value or []), given)
    if is_plain_list(info.return_type):
        return (value or [])[: given.get("first")]
    return _missing(source, info) if value is None else value


def type_of(value: Node, _info: GraphQLResolveInfo[Any], _kind: object) -> str | None:
    """Tells the type of a value whose field only names an interface or union."""
    return value.get("__typename")


def _allow(shop: Shop, info: GraphQLResolveInfo[Any]) -> None:
    scope = _NEEDS.get((info.parent_type.name, info.field_name))
    if scope and scope not in shop.scopes:
        raise GraphQLError(
            f"Access denied for {info.field_name} field. Required access: `{scope}` access scope.",
            extensions={
                "code": "ACCESS_DENIED",
                "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": f"`{scope}` access scope.",
            },
        )


def _root(shop: Shop, info: GraphQLResolveInfo[Any], given: dict[str, Any]) -> Any:  # noqa: ANN401 - any root field's value
    name = info.field_name
    if name in _ROOTS:
        return _ROOTS[name](shop, given)
    found = shop.node(given.get("id") or shop.locations[0]["id"])
    wanted = get_named_type(info.return_type)
    return found if found and (is_abstract(wanted) or found["__typename"] == wanted.name) else None


def _orders(shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    key = SORTS.get(given.get("sortKey") or "PROCESSED_AT")
    if key is None:
        raise GraphQLError(f"This emulator sorts orders by {', '.join(SORTS)} only.")
    query = given.get("query") or ""
    sees_all = "read_all_orders" in shop.scopes and "now" not in query
    asked = (query, given.get("sortKey") or "", "" if sees_all else shop.clock.text())
    return _paged(shop.remembered(asked, lambda: _sorted(_found(shop, given), key)), given)


def _sorted(orders: list[Node], key: Callable[[Node], Any]) -> list[Node]:
    return sorted(orders, key=lambda order: (key(order), int(order["id"].rsplit("/", 1)[1])))


_ROOTS: dict[str, Callable[[Shop, dict[str, Any]], Any]] = {
    "shop": lambda shop, _: shop.as_node(),
    "currentAppInstallation": lambda shop, _: shop.installation(),
    "locations": lambda shop, given: _paged(shop.locations, given),
    "locationsCount": lambda shop, _: {"count": len(shop.locations), "precision": "EXACT"},
    "nodes": lambda shop, given: [shop.node(each) for each in given["ids"]],
    "orders": _orders,
    "ordersCount": lambda shop, given: {"count": len(_found(shop, given)), "precision": "EXACT"},
    "shopifyPaymentsAccount": lambda shop, _: shop.payments_account(),
    "orderByIdentifier": lambda shop, given: shop.node(str(given["identifier"].get("id"))),
}


def _found(shop: Shop, given: dict[str, Any]) -> list[Node]:
    test = _tested(shop, given)
    return [order for order in shop.visible_orders() if test(order)]


def _tested(shop: Shop, given: dict[str, Any]) -> Callable[[Node], bool]:
    try:
        return search(given.get("query"), shop.clock.now())
    except SearchError as wrong:
        raise GraphQLError(f"Invalid search: {wrong}", extensions={"code": "BAD_USER_INPUT"}) from None


def _paged(nodes: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    try:
        return page(nodes, given)
    except CursorError as wrong:
        raise GraphQLError(str(wrong), extensions={"code": "BAD_USER_INPUT"}) from None


def _missing(source: Node, info: GraphQLResolveInfo[Any]) -> Any:  # noqa: ANN401 - any field's value
    """What a field gives that the order was given without."""
    name, kind = info.field_name, info.return_type
    if name == "legacyResourceId":
        return source["id"].rsplit("/", 1)[1]
    bag = source.get(f"{name}Set")
    if isinstance(bag, dict):
        return bag["shopMoney"] if get_named_type(kind).name == "MoneyV2" else bag["shopMoney"]["amount"]
    if get_named_type(kind).name == "ID" and is_non_null_type(kind):
        return f"gid://shopify/{info.parent_type.name}/0"
    return _nothing(kind, info.context) if is_non_null_type(kind) else None


def _nothing(kind: GraphQLOutputType, shop: Shop) -> Any:  # noqa: ANN401 - any type's value
    named = get_named_type(kind)
    if named.name == "MoneyBag":
        return money.bag(money.one(0, shop.currency))
    if named.name == "MoneyV2":
        return money.one(0, shop.currency)
    if named.name == "DateTime":
        return shop.clock.text()
    if isinstance(named, GraphQLEnumType):
        return "UNKNOWN" if "UNKNOWN" in named.values else next(iter(named.values))
    return _PLAIN[named.name] if named.name in _PLAIN else {"__typename": concrete_name(named)}
