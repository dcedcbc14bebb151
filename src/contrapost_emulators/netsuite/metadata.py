"""The metadata catalog: which record types the account has, and each described as JSON Schema or in OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.answers import Answer, encoded, shown
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.kinds import KINDS, Kind, kind_named
from contrapost_emulators.netsuite.openapi import described
from contrapost_emulators.netsuite.schemas import LINK, RESOURCE, Describer, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contrapost_emulators.netsuite.forms import Forms
    from contrapost_emulators.netsuite.requests import Request

CATALOG = "/services/rest/record/v1/metadata-catalog"
SWAGGER, SCHEMA = "application/swagger+json", "application/schema+json"
DIALECT = "https://json-schema.org/draft-06/hyper-schema#"
PLAIN_SCHEMAS = {"nsLink": LINK, "nsResource": RESOURCE}


def answer_metadata(forms: Forms, asked: Request, base: str) -> Answer:
    """The catalog, or what it says of one record type, in the format that is asked for."""
    path, query, accept = asked.path[1:], asked.query, asked.headers.get("Accept", "*/*")
    _check(path, query)
    if path and path[0] in PLAIN_SCHEMAS:
        return _document(PLAIN_SCHEMAS[path[0]] | {"$schema": DIALECT}, SCHEMA)
    kinds = _asked(path, query)
    if SWAGGER in accept:
        return _document(described(forms, kinds, base), SWAGGER)
    if SCHEMA in accept:
        if not path:
            raise Refused("nothing acceptable", "Accept", value=accept)
        return _document(_json_schema(forms, kinds[0]), SCHEMA)
    if not any(one in accept for one in ("application/json", "application/vnd.oracle", "*/*", "application/*")):
        raise Refused("nothing acceptable", "Accept", value=accept)
    items = [_entry(kind, base) for kind in kinds]
    return shown(items[0] if path else {"links": [], "items": items}, "singular" if path else "collection")


def _check(path: Sequence[str], query: Mapping[str, str]) -> None:
    if len(path) > 1:
        raise Refused("no such page", path="/".join(path))
    for name, value in query.items():
        if name != "select":
            raise Refused("bad parameter", name, name=name, value=value)


def _asked(path: Sequence[str], query: Mapping[str, str]) -> list[Kind]:
    if path:
        return [kind_named(path[0])]
    names = [name for name in query.get("select", "").split(",") if name]
    return [kind_named(name) for name in names] or list(KINDS.values())


def _json_schema(forms: Forms, kind: Kind) -> Schema:
    """One record type with its sublists inside; other record types are referred to by their address."""
    describer = Describer(forms, lambda name: {"$ref": f"{CATALOG}/{name}"})
    record = describer.record(kind, lambda sublist: describer.collection(describer.lines(kind, sublist)))
    return record | {"$schema": DIALECT}


def _entry(kind: Kind, base: str) -> Schema:
    address = f"{base}{CATALOG}/{kind.name}"
    links = [("canonical", "application/json"), ("alternate", SWAGGER), ("alternate", SCHEMA)]
    return {
        "name": kind.name,
        "links": [
            *({"rel": relation, "href": address, "mediaType": media} for relation, media in links),
            {"rel": "describes", "href": f"{base}/services/rest/record/v1/{kind.name}"},
        ],
    }


def _document(document: Schema, media_type: str) -> Answer:
    return Answer(200, encoded(document), {"Content-Type": media_type})
