"""Reads refunds in full: many in one call, and what goes on beyond a first page to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.stores.shopify import queries
from contrapost.stores.shopify.payload import Part, ids_of, inner, objects, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.stores.shopify.client import Client

_FIRST_REFUNDS = 10
MOST_REFUNDS = 250
"""No list is longer, and the list of an order's refunds has no pages."""
# Each connection of a refund, and the query that reads on in it.
_CONNECTIONS = {
    "refundLineItems": "more_lines",
    "refundShippingLines": "more_shipping",
    "orderAdjustments": "more_adjustments",
    "transactions": "more_transactions",
}
# Where a return goes on, by the variable that its query takes.
_OF_RETURN = {"lines": "returnLineItems", "exchanged": "exchangeLineItems"}


class Follower:
    """Reads on where a page ends."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def all_refunds(self, order: Part) -> list[str]:
        """Names every refund of an order; asks again where the first list was full, since that list has no pages."""
        ids = ids_of(order, "refunds")
        if len(ids) < _FIRST_REFUNDS:
            return ids
        said = self._client.ask("order_refunds", {"id": text(order, "id")}, points=251)
        return ids_of(inner(said, "order"), "refunds") or ids

    def refunds(self, ids: Sequence[str]) -> dict[str, Part]:
        """Reads refunds in full, by their ids."""
        found: dict[str, Part] = {}
        for start in range(0, len(ids), queries.REFUNDS_AT_ONCE):
            some = ids[start : start + queries.REFUNDS_AT_ONCE]
            lines = queries.lines_for(len(some))
            asked = {"ids": list(some), "lines": lines}
            said = self._client.ask("refunds", asked, points=queries.refunds_cost(len(some), lines))
            found |= {text(each, "id"): self._whole(each) for each in objects(said.get("nodes"))}
        return {each: found.get(each, {"id": each}) for each in ids}

    def agreements(self, order: str, refund: str) -> Part:
        """Reads the shop's ledger of an order as far as it concerns one refund."""
        found: list[Part] = []
        after, more = None, True
        while more:
            said = self._client.ask("agreements", {"id": order, "after": after}, points=860)
            page = inner(inner(said, "order"), "agreements")
            found += [each for each in objects(page.get("nodes")) if text(inner(each, "refund"), "id") == refund]
            after, more = next_page(page, after)
        return {"nodes": found}

    def whole_return(self, begun: Part) -> Part:
        """Gives a return with every page of its parts."""
        parts: dict[str, list[dict[str, object]]] = {part: [] for part in _OF_RETURN.values()}
        after: dict[str, str | None] = {"lines": None, "exchanged": None}
        page: Part = {}
        more = True
        while more:
            said = self._client.ask("return", {"id": text(begun, "id"), **after}, points=queries.BUDGET)
            page = inner(said, "return")
            more = False
            for name, part in _OF_RETURN.items():
                parts[part] += objects(inner(page, part).get("nodes"))
                following, goes_on = next_page(inner(page, part), after[name])
                after[name], more = following or after[name], more or goes_on
        return {**begun, **page, **parts}

    def _whole(self, refund: dict[str, object]) -> Part:
        """Gives a refund with every page of its parts."""
        whole = dict(refund)
        for name, query in _CONNECTIONS.items():
            page = inner(refund, name)
            nodes = list(objects(page.get("nodes")))
            after, more = next_page(page, None)
            while more:
                said = self._client.ask(query, {"id": text(refund, "id"), "after": after}, points=queries.BUDGET)
                page = inner(inner(said, "refund"), name)
                nodes += objects(page.get("nodes"))
                after, more = next_page(page, after)
            if isinstance(refund.get(name), dict):
                whole[name] = {"nodes": nodes, "pageInfo": {"hasNextPage": inner(page, "pageInfo").get("hasNextPage")}}
        return whole


def next_page(page: Part, before: str | None) -> tuple[str | None, bool]:
    """Says where the next page begins, and whether there is one; a cursor that stands still ends the reading."""
    info = inner(page, "pageInfo")
    after = text(info, "endCursor")
    return after, info.get("hasNextPage") is True and after not in {"", before}
