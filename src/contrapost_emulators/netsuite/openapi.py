"""Describes the record service in OpenAPI 3.0: the addresses of some record types, and their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.schemas import ERROR, LINK, RESOURCE, Describer, Schema
from contrapost_emulators.netsuite.transactions.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost_emulators.netsuite.forms import Forms
    from contrapost_emulators.netsuite.kinds import Kind

MEDIA = "application/vnd.oracle.resource+json; type={kind}"
VALIDATION = ["Error", "Warning", "Ignore"]


def described(forms: Forms, kinds: Sequence[Kind], base: str) -> Schema:
    """The whole description; references to record types that were not asked for have no structure."""
    asked = {kind.name for kind in kinds}
    describer = Describer(forms, lambda name: _schema(name if name in asked | {"nsLink"} else "nsResource"))
    schemas: Schema = {"nsError": ERROR, "nsLink": LINK, "nsResource": RESOURCE}
    paths: Schema = {}
    for kind in kinds:
        schemas |= _schemas(describer, kind)
        paths |= _paths(kind)
    return {
        "openapi": "3.0.1",
        "info": {"title": "NetSuite REST Record API", "version": "v1"},
        "servers": [{"url": f"{base}/services/rest/record/v1"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _schema(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(describer: Describer, kind: Kind) -> Schema:
    """A record type, a list of it, and each of its sublists: its lines, and one line."""
    name = kind.name
    made: Schema = {
        name: describer.record(kind, lambda sublist: _schema(f"{name}-{sublist}Collection")),
        f"{name}Collection": describer.collection(_schema("nsResource")),
    }
    for sublist in kind.sublists:
        made[f"{name}-{sublist}Collection"] = describer.collection(_schema(f"{name}-{sublist}Element"))
        made[f"{name}-{sublist}Element"] = describer.lines(kind, sublist)
    return made


def _paths(kind: Kind) -> Schema:
    paths: Schema = {
        f"/{kind.name}": {
            "get": _operation(kind, "Get list of records.", LISTED, _found(f"{kind.name}Collection", "collection")),
            "post": _operation(kind, "Insert record.", [*WRITTEN, REPLACE], WRITES, body=kind.name),
        },
        f"/{kind.name}/{{id}}": {
            "get": _operation(kind, "Get record.", [INTERNAL, *SHOWN], _found(kind.name, "singular")),
            "patch": _operation(kind, "Update record.", [INTERNAL, *WRITTEN, *REPLACED], WRITES, body=kind.name),
            "put": _operation(kind, "Insert or update record.", [EXTERNAL, *WRITTEN, *REPLACED], WRITES, kind.name),
            "delete": _operation(kind, "Remove record.", [INTERNAL], WRITES),
        },
    }
    for source, target in TRANSFORMS:
        if source == kind.name:
            summary = f"Transform to {target}."
            transform = _operation(kind, summary, [INTERNAL, *WRITTEN, REPLACE], WRITES, body="nsResource")
            paths[f"/{kind.name}/{{id}}/!transform/{target}"] = {"post": transform}
    return paths


def _operation(
    kind: Kind, summary: str, parameters: list[Schema], responses: Schema, body: str | None = None
) -> Schema:
    operation: Schema = {
        "tags": [kind.name],
        "summary": summary,
        "parameters": [PREFER, IDEMPOTENCY, *parameters],
        "responses": responses | {"202": {"description": "Accepted as a job."}, "default": FAILED},
    }
    if body is not None:
        content = {MEDIA.format(kind="singular"): {"schema": _schema(body)}}
        operation["requestBody"] = {"description": "Request body.", "content": content, "required": True}
    return operation


def _found(schema: str, kind: str) -> Schema:
    content = {MEDIA.format(kind=kind): {"schema": _schema(schema)}}
    return {"200": {"description": "What was asked for.", "content": content}}


def _parameter(place: str, name: str, schema: Schema, description: str) -> Schema:
    required = {"required": place == "path"}
    return {"name": name, "in": place, "description": description, **required, "schema": schema}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean", "default": False}
PREFER = _parameter("header", "Prefer", TEXT | {"enum": ["respond-async"]}, "Answer at once, and do the work as a job.")
IDEMPOTENCY = _parameter(
    "header", "X-NetSuite-Idempotency-Key", TEXT | {"format": "uuid"}, "A key that only one job has."
)
INTERNAL = _parameter("path", "id", {"type": "integer", "format": "int64"}, "Internal identifier.")
EXTERNAL = _parameter("path", "id", TEXT | {"pattern": "^eid:[A-Za-z0-9_-]+$"}, "External identifier.")
REPLACE = _parameter("query", "replace", TEXT, "The sublists whose lines are replaced, between commas.")
REPLACED = [REPLACE, _parameter("query", "replaceSelectedFields", FLAG, "Clear the fields that replace names.")]
SHOWN = [
    _parameter("query", "expandSubResources", FLAG, "Show sublists with their lines."),
    _parameter("query", "simpleEnumFormat", FLAG, "Show choices by their ids alone."),
    _parameter("query", "fields", TEXT, "The fields to show, between commas."),
]
LISTED = [
    _parameter("query", "q", TEXT, "Conditions that records meet."),
    _parameter("query", "limit", {"type": "integer", "format": "int32", "default": 1000}, "Records on a page."),
    _parameter("query", "offset", {"type": "integer", "format": "int32", "default": 0}, "Records before the page."),
]
WRITTEN = [
    _parameter("header", f"X-NetSuite-Property{what}Validation", TEXT | {"enum": VALIDATION, "default": otherwise}, why)
    for what, otherwise, why in (
        ("Name", "Warning", "What is done with a name that is not known."),
        ("Value", "Error", "What is done with a value of a wrong type."),
    )
]
_WARNINGS = ("X-NetSuite-PropertyValidation", "X-NetSuite-Warning")
WRITES: Schema = {
    "204": {
        "description": "Done.",
        "headers": {name: {"description": "What was remarked.", "schema": TEXT} for name in _WARNINGS},
    }
}
FAILED: Schema = {
    "description": "Error response.",
    "content": {MEDIA.format(kind="error"): {"schema": _schema("nsError")}},
}
