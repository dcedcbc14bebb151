"""The served schema against Shopify's own, where that is at hand."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, build_client_schema, validate_schema

from contrapost_emulators.shopify.schema import VERSION, fields_of, schema

SHARED = Path(os.environ.get("CONTRAPOST_SHARED", Path(__file__).parents[3].parent / "shared"))
SPEC = SHARED / f"specs/shopify/admin_{VERSION}.json.gz"


def test_the_served_schema_is_sound() -> None:
    """Verified (graphql-core): the cut left no type without fields and no name undefined."""
    assert validate_schema(schema()) == []


@pytest.mark.skipif(not SPEC.exists(), reason="Shopify's whole schema is not at hand")
def test_the_served_schema_says_only_what_shopify_says() -> None:
    """Verified (Shopify's introspection): every type, field, argument and value is Shopify's, of the same type."""
    whole = build_client_schema(json.loads(gzip.decompress(SPEC.read_bytes()))["data"], assume_valid=True)
    for name, served in schema().type_map.items():
        theirs = whole.type_map[name]
        for field_name, field in fields_of(served).items():
            original = fields_of(theirs)[field_name]
            assert str(field.type) == str(original.type), f"{name}.{field_name}"
            assert {each: str(arg.type) for each, arg in field.args.items()} == {
                each: str(arg.type) for each, arg in original.args.items()
            }, f"{name}.{field_name}"
        if isinstance(served, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType) and not name.startswith("__"):
            assert served.values.keys() == theirs.values.keys(), name
        if isinstance(served, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
            assert served.fields.keys() == theirs.fields.keys(), name


def test_no_text_of_shopify_is_kept() -> None:
    """Chosen: names and types only; no type or field carries a description."""
    own = [each for name, each in schema().type_map.items() if not name.startswith("__")]
    assert not [each.name for each in own if each.description and each.ast_node]
    assert not [field for each in own for field in fields_of(each).values() if field.description]
