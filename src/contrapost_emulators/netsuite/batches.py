"""A batch: up to 100 records of one type in one request, each a request of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.datastructures import Headers

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.requests import Request

LARGEST_BATCH = 100
IDENTIFIERS = re.compile(r"""\s*((?:eid:)?(?:'[^']*'|[^,'\s]+))\s*(?:,|$)""", re.IGNORECASE)


def split(request: Request) -> list[Request]:
    """The requests that a batch stands for, or a refusal of the whole batch."""
    if len(request.path) > 1:
        raise Refused("batch", why="A batch names no single record in its address.")
    singles = _of_items(request) if request.method in {"POST", "PATCH", "PUT"} else _of_identifiers(request)
    if not 1 <= len(singles) <= LARGEST_BATCH:
        raise Refused("batch", why=f"A batch takes 1 to {LARGEST_BATCH} records.")
    return singles


def _of_items(request: Request) -> list[Request]:
    items = request.body.get("items") if isinstance(request.body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refused("batch", why="A batch is an object with items, each of them an object.")
    return [_of_item(request, dict(item)) for item in items]


def _of_item(request: Request, item: dict[str, object]) -> Request:
    """POST creates; PATCH finds a record by id, else by external id; PUT takes an external id."""
    if request.method == "POST":
        return _single(request, None, item)
    internal = item.pop("id", None)
    if request.method == "PATCH" and internal is not None:
        return _single(request, str(internal), item)
    if item.get("externalId") is None:
        raise Refused("batch", why=f"Each item of a {request.method} needs an {_wanted(request)}.")
    return _single(request, f"eid:{item['externalId']}", item)


def _wanted(request: Request) -> str:
    return "id or externalId" if request.method == "PATCH" else "externalId"


def _of_identifiers(request: Request) -> list[Request]:
    if request.method == "GET" and not request.flag("expandRecords"):
        raise Refused("batch", why="A batch GET needs expandRecords=true.")
    listed = request.query.get("ids", "")
    found = [match[1].replace("'", "") for match in IDENTIFIERS.finditer(listed)]
    return [_single(request, identifier, None) for identifier in found]


def _single(request: Request, identifier: str | None, body: object) -> Request:
    query = {name: value for name, value in request.query.items() if name not in {"ids", "expandRecords"}}
    path = request.path if identifier is None else (*request.path, identifier)
    headers = Headers([(name, value) for name, value in request.headers if name.lower() != "content-type"])
    return replace(request, path=path, query=query, headers=headers, body=body)
