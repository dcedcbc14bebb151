"""What a query costs, in points. The one place of the rule.

Shopify's documentation gives: an object 1 point, a scalar or enum 0, an interface or union the dearest of its possible
selections, a connection sized by its `first` or `last`; one query may ask for at most 1,000 points. Older pages of it
put 2 points on a connection itself. Chosen where it says nothing, on the dear side, so that a query that passes here
passes there: the 2 points are counted; a plain list with `first` is sized by it; any other list counts as three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Undefined,
    get_named_type,
    value_from_ast_untyped,
)

from contrapost_emulators.shopify.schema import fields_of, is_connection, is_plain_list, schema

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLField, GraphQLNamedType, OperationDefinitionNode, SelectionSetNode

MAX_QUERY_COST = 1000
CONNECTION = 2
UNSIZED_LIST = 3
MAX_PAGE = 250
_BESIDE_NODES = {"pageInfo", "cursor"}


class SizeError(ValueError):
    """A connection is asked for without saying how much of it, or for too much."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the points of one operation with its variables."""

    document: DocumentNode
    variables: dict[str, Any]

    def requested(self, operation: OperationDefinitionNode) -> int:
        """Counts what an operation asks for at most.

        Raises:
            SizeError: a connection has neither `first` nor `last`, or more than 250.
        """
        root = schema().query_type
        return self._selection(operation.selection_set, root) if root else 0

    def _selection(self, selection: SelectionSetNode | None, parent: GraphQLNamedType) -> int:
        plain, dearest = 0, 0
        for part in selection.selections if selection else ():
            if isinstance(part, FieldNode):
                plain += self._field(part, parent)
            else:
                kind, inner = self._fragment(part, parent)
                same = kind is parent
                cost = self._selection(inner, kind)
                plain, dearest = (plain + cost, dearest) if same else (plain, max(dearest, cost))
        return plain + dearest

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> int:
        field = fields_of(parent).get(node.name.value)
        if field is None or node.selection_set is None:
            return 0
        named = get_named_type(field.type)
        if is_connection(field.type):
            return CONNECTION + self._size(node, field) * self._page(node.selection_set, named)
        each = 1 + self._selection(node.selection_set, named)
        return each * (self._count(node, field) if is_plain_list(field.type) else 1)

    def _page(self, selection: SelectionSetNode, connection: GraphQLNamedType) -> int:
        """Counts one node of a connection: what is asked of `nodes` and of `edges { node }`."""
        total = 0
        for part in selection.selections:
            if not isinstance(part, FieldNode):
                kind, inner = self._fragment(part, connection)
                total += self._page(inner, kind)
            elif part.selection_set and part.name.value not in _BESIDE_NODES:
                named = get_named_type(fields_of(connection)[part.name.value].type)
                edges = part.name.value == "edges"
                total += (
                    self._page(part.selection_set, named) if edges else 1 + self._selection(part.selection_set, named)
                )
        return total

    def _fragment(self, part: object, parent: GraphQLNamedType) -> tuple[GraphQLNamedType, SelectionSetNode]:
        if isinstance(part, FragmentSpreadNode):
            name = part.name.value
            named = (each for each in self.document.definitions if isinstance(each, FragmentDefinitionNode))
            part = next(each for each in named if each.name.value == name)
        condition = getattr(part, "type_condition", None)
        kind = schema().type_map[condition.name.value] if condition else parent
        selection: SelectionSetNode = part.selection_set  # type: ignore[attr-defined] # both kinds of fragment have one
        return kind, selection

    def _arguments(self, node: FieldNode) -> dict[str, Any]:
        given = {each.name.value: value_from_ast_untyped(each.value, self.variables) for each in node.arguments or ()}
        return {name: value for name, value in given.items() if value is not Undefined}

    def _size(self, node: FieldNode, field: GraphQLField) -> int:
        given = self._arguments(node)
        size = given.get("first") if given.get("first") is not None else given.get("last")
        if size is None:
            raise SizeError(f"you must provide one of first or last for {node.name.value}")
        if not isinstance(size, int) or not 0 <= size <= MAX_PAGE or "first" not in field.args:
            raise SizeError(f"{node.name.value} takes first or last from 0 to {MAX_PAGE}, not {size}")
        return size

    def _count(self, node: FieldNode, field: GraphQLField) -> int:
        given = self._arguments(node)
        if isinstance(given.get("ids"), list):
            return len(given["ids"])
        size = given.get("first")
        if size is not None and not 0 <= size <= MAX_PAGE:
            raise SizeError(f"{node.name.value} takes first from 0 to {MAX_PAGE}, not {size}")
        return int(size) if size is not None and "first" in field.args else UNSIZED_LIST


def actual(answer: object) -> int:
    """Counts what an answer holds: 1 for each object, 2 for each connection. Never more than was asked for."""
    if isinstance(answer, list):
        return sum(actual(each) for each in answer)
    if not isinstance(answer, dict):
        return 0
    own = CONNECTION if answer.keys() & {"nodes", "edges"} else 0 if answer.keys() <= {"node", "cursor"} else 1
    return own + sum(actual(value) for name, value in answer.items() if name != "pageInfo")
