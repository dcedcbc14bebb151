"""Joins the parts of one order: what is named twice by the same id becomes one node, and parts know their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.shopify.intake import Node, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Read before the rest, because the rest refers to them.
_FIRST = ("lineItems", "shippingLines", "returns", "fulfillments", "transactions")


def link(order: Node, path: str) -> None:
    """Joins the parts of an order in place.

    Raises:
        RefusedError: a part refers to an order line that cannot be told.
    """
    for node in nodes_in(order):
        if "id" not in node and node.get("legacyResourceId"):
            node["id"] = f"gid://shopify/{node['__typename']}/{node['legacyResourceId']}"
    for name in (*_FIRST, "refunds", "agreements"):
        order.setdefault(name, [])
    _name_lines(order, path)
    _Sharing().share(order)
    _adopt_lines(order)
    _adopt_money(order)
    _adopt_returns(order)


def nodes_in(root: Node) -> Iterator[Node]:
    """Walks every node below a root, itself first, each once."""
    todo: list[object] = [root]
    seen: set[int] = set()
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += reversed(value)
        elif isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            yield value
            todo += reversed(value.values())


def _name_lines(order: Node, path: str) -> None:
    """Finds the order line that a part names by its SKU alone."""
    lines = order["lineItems"]
    own = {id(line) for line in lines}
    for number, line in enumerate(lines):
        line.setdefault(
            "id", f"gid://shopify/LineItem/{_digits(order.get('id'))}{number + 1:02}" if order.get("id") else None
        )
        if line["id"] is None:
            del line["id"]
    for node in nodes_in(order):
        part = node.get("lineItem")
        if not isinstance(part, dict) or id(part) in own or "id" in part:
            continue
        same = [line for line in lines if line.get("sku") == part.get("sku")] if "sku" in part else lines
        if len(same) != 1:
            raise RefusedError(f"{path}: lineItem", f"{part.get('sku')!r} names {len(same)} order lines; give its id")
        node["lineItem"] = same[0]


class _Sharing:
    """Makes one node of all that carry the same id."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Node] = {}
        self._seen: set[int] = set()

    def share(self, node: Node) -> Node:
        """Gives the one node that stands for this one, its parts shared too."""
        own = node.get("id")
        one = self._known.setdefault((node["__typename"], own), node) if own else node
        for name, value in node.items():
            one.setdefault(name, value)
        if id(one) in self._seen and one is node:
            return one
        self._seen.add(id(one))
        for name in sorted(one, key=lambda name: name not in _FIRST):
            one[name] = self._part(one[name])
        return one

    def _part(self, value: object) -> object:
        if isinstance(value, dict) and "__typename" in value:
            return self.share(value)
        return [self._part(each) for each in value] if isinstance(value, list) else value


def _adopt_lines(order: Node) -> None:
    """An order line that only a refund, a fulfillment or an exchange names is a line of the order."""
    for node in list(nodes_in(order)):
        exchanged = node.get("lineItems") if node["__typename"] == "ExchangeLineItem" else None
        for line in (node.get("lineItem"), *(exchanged or ())):
            if isinstance(line, dict):
                _append(order["lineItems"], line)


def _adopt_money(order: Node) -> None:
    """The transactions of a refund are transactions of the order; one that is only told by its total is made."""
    for refund in order["refunds"]:
        if "transactions" not in refund and "totalRefundedSet" in refund:
            refund["transactions"] = [{"__typename": "OrderTransaction", "amountSet": refund["totalRefundedSet"]}]
        for transaction in refund.setdefault("transactions", []):
            _append(order["transactions"], transaction)


def _adopt_returns(order: Node) -> None:
    """A return named by a refund is a return of the order, and the other way round."""
    for each in order["returns"]:
        for refund in each.get("refunds") or []:
            refund.setdefault("return", each)
            _append(order["refunds"], refund)
    for refund in order["refunds"]:
        if refund.get("return"):
            _append(order["returns"], refund["return"])
            _append(refund["return"].setdefault("refunds", []), refund)


def _append(nodes: list[Node], node: Node) -> None:
    if not any(each is node for each in nodes):
        nodes.append(node)


def _digits(gid: object) -> str:
    return str(gid).rsplit("/", 1)[-1]
