"""Answers one GraphQL request: reads it, prices it, runs it, and shapes errors as Shopify does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from contrapost_emulators.shopify.cost import MAX_QUERY_COST, Counter, SizeError, actual
from contrapost_emulators.shopify.resolving import resolve, type_of
from contrapost_emulators.shopify.schema import schema

if TYPE_CHECKING:
    from contrapost_emulators.shopify.shop import Shop

Answer = dict[str, Any]

# How graphql-core words an error, and how Shopify does.
_WORDINGS = (
    (
        re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"),
        "Field '{0}' doesn't exist on type '{1}'",
        {"code": "undefinedField", "typeName": "{1}", "fieldName": "{0}"},
    ),
    (
        re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'"),
        "Field '{2}' doesn't accept argument '{0}'",
        {"code": "argumentNotAccepted", "name": "{2}", "typeName": "Field", "argumentName": "{0}"},
    ),
    (
        re.compile(r"Argument '\w+\.(\w+)\((\w+):\)' of type '.*' is required"),
        "Field '{0}' is missing required arguments: {1}",
        {"code": "missingRequiredArguments", "className": "Field", "name": "{0}", "arguments": "{1}"},
    ),
    (
        re.compile(r"Field '(\w+)' of type '(.+)' must have a selection"),
        "Field must have selections (field '{0}' returns {1} but has no selections. Did you mean '{0} {{ ... }}'?)",
        {"code": "selectionMismatch", "nodeName": "field '{0}'", "typeName": "{1}"},
    ),
    (
        re.compile(r"Unknown type '(\w+)'"),
        "No such type {0}, so it can't be a fragment condition",
        {"code": "undefinedType", "typeName": "{0}"},
    ),
)


class Asked:
    """One request: its document read, with the names of its root fields."""

    def __init__(self, body: Answer) -> None:
        self.query = str(body.get("query") or "")
        given = body.get("variables")
        self.variables: Answer = given if isinstance(given, dict) else {}
        self.name = body.get("operationName") or None
        self.document: DocumentNode | None = None
        self.errors: list[Answer] = []
        self._read()

    @property
    def operation(self) -> OperationDefinitionNode | None:
        """The operation to run."""
        return get_operation_ast(self.document, self.name) if self.document else None

    @property
    def root_fields(self) -> set[str]:
        """The root fields that are asked for, such as `orders`."""
        parts = self.operation.selection_set.selections if self.operation else ()
        return {part.name.value for part in parts if isinstance(part, FieldNode)}

    def _read(self) -> None:
        try:
            self.document = parse(self.query)
        except GraphQLSyntaxError as wrong:
            self.errors = [_error(f"syntax error, {wrong.message.removeprefix('Syntax Error: ')}", wrong)]
            return
        self.errors = [_shaped(each) for each in validate(schema(), self.document)]
        if not self.errors and not self.operation:
            self.errors = [{"message": "An operation name is required"}]


def answer(shop: Shop, asked: Asked) -> Answer:
    """Answers a request; every error is in the answer, as with Shopify."""
    operation = asked.operation
    if asked.errors or operation is None or asked.document is None:
        return {"errors": asked.errors}
    try:
        cost = Counter(asked.document, _with_defaults(operation, asked.variables)).requested(operation)
    except SizeError as wrong:
        return {"errors": [{"message": str(wrong), "extensions": {"code": "BAD_USER_INPUT"}}]}
    if cost > MAX_QUERY_COST:
        return _too_dear(cost)
    if not shop.bucket.take(cost, shop.clock.now()):
        return throttled(shop, cost)
    return _run(shop, asked, cost)


def throttled(shop: Shop, cost: int) -> Answer:
    """Refuses a query because the app has too few points left."""
    return {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
            }
        ],
        "extensions": {"cost": _cost(shop, cost, None)},
    }


def _run(shop: Shop, asked: Asked, cost: int) -> Answer:
    if asked.document is None:
        return {}
    done = execute_sync(
        schema(),
        asked.document,
        root_value=shop,
        context_value=shop,
        variable_values=asked.variables,
        operation_name=asked.name,
        field_resolver=resolve,
        type_resolver=type_of,
    )
    used = max(0, min(cost, actual(done.data) - 1))
    shop.bucket.give_back(cost - used)
    result: Answer = {"data": done.data} if done.data is not None else {}
    if done.errors:
        result["errors"] = [_shaped(each) for each in done.errors]
    return result | {"extensions": {"cost": _cost(shop, cost, used)}}


def _with_defaults(operation: OperationDefinitionNode, given: Answer) -> Answer:
    """Gives the variables with the defaults that the operation itself names."""
    own = {
        each.variable.name.value: int(getattr(each.default_value, "value", 0))
        for each in operation.variable_definitions or ()
        if each.default_value is not None and each.default_value.kind == "int_value"
    }
    return own | given


def _too_dear(cost: int) -> Answer:
    return {
        "errors": [
            {
                "message": f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_QUERY_COST}).",
                "extensions": {
                    "code": "MAX_COST_EXCEEDED",
                    "cost": cost,
                    "maxCost": MAX_QUERY_COST,
                    "documentation": "https://shopify.dev/api/usage/rate-limits",
                },
            }
        ]
    }


def _cost(shop: Shop, requested: int, used: int | None) -> Answer:
    status = shop.bucket.status(shop.clock.now())
    return {"requestedQueryCost": requested, "actualQueryCost": used, "throttleStatus": status}


def _shaped(error: GraphQLError) -> Answer:
    for pattern, message, extensions in _WORDINGS:
        found = pattern.search(error.message)
        if found:
            parts = found.groups()
            said = {name: value.format(*parts) for name, value in extensions.items()}
            return _error(message.format(*parts), error) | {"extensions": said}
    return _error(error.message, error)


def _error(message: str, error: GraphQLError) -> Answer:
    shaped: Answer = {"message": message}
    if error.locations:
        shaped["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path:
        shaped["path"] = list(error.path)
    if error.extensions:
        shaped["extensions"] = error.extensions
    return shaped
