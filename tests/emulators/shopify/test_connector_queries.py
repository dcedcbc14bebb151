"""Every query fits Shopify's schema and Shopify's limits."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_client_schema, get_operation_ast, parse, validate

from contrapost.stores.shopify import queries
from contrapost_emulators.shopify.cost import MAX_QUERY_COST, Counter
from contrapost_emulators.shopify.schema import schema

SHARED = Path(os.environ.get("CONTRAPOST_SHARED", Path(__file__).parents[3].parent / "shared"))
SPECS = sorted((SHARED / "specs/shopify").glob("admin_*.json.gz"))
DEAREST = {
    "orders": {"first": queries.ORDERS_PAGE},
    "refunds": {"ids": ["gid"] * queries.REFUNDS_AT_ONCE, "lines": queries.lines_for(queries.REFUNDS_AT_ONCE)},
}


def whole_schema(path: Path) -> GraphQLSchema:
    found = build_client_schema(json.loads(gzip.decompress(path.read_bytes()))["data"], assume_valid=True)
    found._validation_errors = []
    return found


def cost(name: str, variables: dict[str, object]) -> int:
    document = parse(queries.query(name))
    operation = get_operation_ast(document)
    assert operation is not None
    return Counter(document, variables).requested(operation)


@pytest.mark.parametrize("name", queries.names())
def test_a_query_fits_the_served_schema(name: str) -> None:
    """Every query asks for what the emulated part of Shopify's schema has."""
    assert validate(schema(), parse(queries.query(name))) == []


@pytest.mark.skipif(not SPECS, reason="Shopify's whole schemas are not at hand")
@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_every_query_fits_every_version_at_hand(path: Path) -> None:
    """Every query asks for what Shopify's own schema has, in each version at hand."""
    whole = whole_schema(path)
    wrong = {name: validate(whole, parse(queries.query(name))) for name in queries.names()}
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("name", queries.names())
def test_a_query_costs_less_than_the_limit(name: str) -> None:
    """With its largest pages, no query asks for more points than Shopify allows."""
    assert cost(name, DEAREST.get(name, {})) <= MAX_QUERY_COST


@pytest.mark.parametrize("count", range(1, queries.REFUNDS_AT_ONCE + 1))
def test_the_pages_of_refunds_use_the_points_there_are(count: int) -> None:
    """The fewer refunds are asked for, the more lines of each; the price named is the price asked."""
    lines = queries.lines_for(count)
    assert lines > 0
    assert cost("refunds", {"ids": ["gid"] * count, "lines": lines}) == queries.refunds_cost(count, lines)
    assert queries.refunds_cost(count, lines) <= queries.BUDGET


def test_the_pages_of_orders_cost_what_they_name() -> None:
    """The price named for a page of orders is the price asked."""
    assert cost("orders", {"first": 7}) == queries.orders_cost(7)


def test_a_page_of_payouts_costs_what_it_names() -> None:
    """The price named for a page of payouts is the price asked."""
    assert cost("payouts", {}) == queries.PAYOUTS_COST
