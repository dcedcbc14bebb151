"""Finds the payout that each refund was settled in: only the balance of Shopify Payments knows it, some days later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contrapost.stores.shopify import queries
from contrapost.stores.shopify.following import next_page
from contrapost.stores.shopify.payload import Part, inner, nodes_of, objects, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contrapost.stores.shopify.client import Client

_GATEWAY = "shopify_payments"
_SPAN = timedelta(days=1)
"""The longest span that is asked for at once: a shop has as many balance transactions as it has sales."""
_BEFORE, _AFTER = timedelta(minutes=5), timedelta(hours=1)
"""How far from a transaction its balance transaction may be."""


def with_payouts(client: Client, payloads: Mapping[str, Part]) -> dict[str, Part]:
    """Gives refunds with the payout of each of their transactions that Shopify Payments has settled."""
    moments = sorted(_moments(payloads.values()))
    found: dict[str, str] = {}
    for first, last in _spans(moments):
        found |= _settled(client, first - _BEFORE, last + _AFTER)
    return {gid: _named(payload, found) for gid, payload in payloads.items()}


def _moments(payloads: Iterable[Part]) -> Iterator[datetime]:
    for part in (part for payload in payloads for part in objects(nodes_of(payload, "transactions"))):
        if text(part, "gateway").lower() == _GATEWAY and text(part, "status") == "SUCCESS":
            try:
                at = datetime.fromisoformat(text(part, "processedAt"))
            except ValueError:
                continue
            yield at if at.tzinfo else at.replace(tzinfo=UTC)


def _spans(moments: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Groups moments, in their order, into spans that are asked for at once."""
    first = last = None
    for at in moments:
        if first is None or last is None:
            first = last = at
        elif at - first <= _SPAN:
            last = at
        else:
            yield first, last
            first = last = at
    if first is not None and last is not None:
        yield first, last


def _settled(client: Client, first: datetime, last: datetime) -> dict[str, str]:
    """Gives the payouts of a span's refunds, by the number of the order's transaction."""
    search = f"transaction_type:refund processed_at:>='{_written(first)}' processed_at:<='{_written(last)}'"
    found: dict[str, str] = {}
    after, more = None, True
    while more:
        said = client.ask("payouts", {"search": search, "after": after}, points=queries.PAYOUTS_COST)
        page = inner(inner(said, "shopifyPaymentsAccount"), "balanceTransactions")
        for each in objects(page.get("nodes")):
            payout = text(inner(each, "associatedPayout"), "id").rsplit("/", 1)[-1]
            if payout:
                found[text(each, "sourceOrderTransactionId")] = payout
        after, more = next_page(page, after)
    return found


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(payload: Part, found: Mapping[str, str]) -> Part:
    nodes = [
        part | {"payoutId": found[number]} if (number := text(part, "id").rsplit("/", 1)[-1]) in found else part
        for part in objects(nodes_of(payload, "transactions"))
    ]
    return {**payload, "transactions": {**inner(payload, "transactions"), "nodes": nodes}} if nodes else payload
