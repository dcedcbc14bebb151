"""The part of Shopify's schema that the emulator serves, and small questions about its types."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

if TYPE_CHECKING:
    from graphql import GraphQLField, GraphQLNamedType, GraphQLSchema

VERSION = "2026-10"


@cache
def schema() -> GraphQLSchema:
    """Builds the served schema from its file, once."""
    return build_schema(Path(__file__).with_name("schema.graphql").read_text(), assume_valid=True)


def object_type(name: str) -> GraphQLObjectType:
    """Gives an object type by its name."""
    found = schema().type_map[name]
    if not isinstance(found, GraphQLObjectType):
        raise TypeError(f"{name} is no object type")
    return found


def fields_of(kind: GraphQLNamedType) -> dict[str, GraphQLField]:
    """Gives the fields of an object or interface; other types have none."""
    return kind.fields if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}


def is_connection(kind: GraphQLOutputType) -> bool:
    """Says whether a type is a paged list of Shopify's: a connection."""
    named = get_named_type(kind)
    return named.name.endswith("Connection") and "pageInfo" in fields_of(named)


def is_plain_list(kind: GraphQLOutputType) -> bool:
    """Says whether a type is a list without pages."""
    return is_list_type(get_nullable_type(kind))


def node_type(kind: GraphQLOutputType) -> GraphQLNamedType:
    """Gives the type of what a connection pages, or of what a list holds."""
    named = get_named_type(kind)
    return get_named_type(fields_of(named)["nodes"].type) if is_connection(kind) else named


def is_abstract(kind: GraphQLNamedType) -> bool:
    """Says whether a value of this type must name its own type."""
    return isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)


def concrete_name(kind: GraphQLNamedType) -> str:
    """Names an object type that a value of this type can be."""
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return min(each.name for each in schema().get_possible_types(kind))
    return kind.name
