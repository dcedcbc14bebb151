"""What a request to the record API may carry: media types, headers and query parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import Headers

    from contrapost_emulators.netsuite.kinds import Kind

ORACLE = "application/vnd.oracle.resource+json"
SENT = frozenset({"application/json", ORACLE})
GIVEN = frozenset({"application/json", ORACLE, "application/*", "*/*"})
WRITES = frozenset({"POST", "PATCH", "PUT"})
WISHES = frozenset({"error", "warning", "ignore"})
IDENTIFIER = re.compile(r"-?[1-9]\d*|eid:.+", re.ASCII | re.IGNORECASE)

SHOWN = frozenset({"fields", "expandSubResources", "expand", "simpleEnumFormat"})
PAGED = frozenset({"limit", "offset"})
FLAGS = frozenset({"expandSubResources", "simpleEnumFormat", "replaceSelectedFields", "expand"})
# The query parameters of each method, on a record type, on one record, or on what is below it.
PARAMETERS: dict[tuple[str, int], frozenset[str]] = {
    ("GET", 1): SHOWN | PAGED | {"q"},
    ("POST", 1): SHOWN | PAGED | {"q", "replace"},
    ("GET", 2): SHOWN,
    ("PATCH", 2): frozenset({"replace", "replaceSelectedFields", "init"}),
    ("PUT", 2): frozenset({"replace", "replaceSelectedFields", "init"}),
    ("GET", 3): SHOWN | PAGED,
    ("GET", 4): SHOWN,
    ("POST", 4): SHOWN | PAGED | {"q", "replace"},
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the record API needs it."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Headers
    body: object

    def wish(self, header: str, default: str) -> str:
        """What a header wants done with a wrong name or value: error, warning or ignore."""
        given = self.headers.get(header, default)
        if given.lower() not in WISHES:
            raise Refused("bad header", header, name=header, value=given)
        return given.lower()

    def flag(self, parameter: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(parameter, "").lower() == "true"

    def names(self, parameter: str) -> frozenset[str]:
        """The names a query parameter lists, between commas."""
        return frozenset(name for name in self.query.get(parameter, "").split(",") if name)

    @property
    def preferences(self) -> frozenset[str]:
        """What the Prefer headers ask for, such as `respond-async`."""
        return preferences(self.headers)

    @property
    def is_batch(self) -> bool:
        """Whether many records are meant: a collection is sent, or ids are listed."""
        collection = "type=collection" in self.headers.get("Content-Type", "").replace(" ", "")
        return (self.method in WRITES and collection) or (self.method not in WRITES and "ids" in self.query)

    @property
    def asks_form(self) -> bool:
        """Whether the record is only to be shown as it would be, and not to be saved."""
        return "type=create-form" in self.headers.get("Accept", "").replace(" ", "")


def preferences(headers: Headers) -> frozenset[str]:
    """The preferences of all Prefer headers, in lower case and without quotation marks."""
    sent = ",".join(headers.getlist("Prefer")).lower().replace('"', "").replace(" ", "")
    return frozenset(preference for preference in sent.split(",") if preference)


def check_request(request: Request) -> None:
    """Refuse a media type, query parameter or identifier that NetSuite could not read."""
    _check_media_types(request)
    _check_parameters(request)
    if len(request.path) > 1 and not IDENTIFIER.fullmatch(request.path[1]):
        raise Refused("bad identifier", "/".join(request.path), value=request.path[1])


def _check_media_types(request: Request) -> None:
    sent = request.headers.get("Content-Type", "")
    if request.method in WRITES and sent and _bare(sent) not in SENT:
        raise Refused("bad media type", "Content-Type", value=sent)
    wanted = request.headers.get("Accept", "*/*")
    if not any(_bare(one) in GIVEN for one in wanted.split(",")):
        raise Refused("nothing acceptable", "Accept", value=wanted)


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _check_parameters(request: Request) -> None:
    known = PARAMETERS.get((request.method, min(len(request.path), 4)), frozenset())
    for name, value in request.query.items():
        wrong_flag = name in FLAGS and value.lower() not in {"true", "false"}
        if name not in known or wrong_flag:
            raise Refused("bad parameter", name, name=name, value=value)


def check_names(request: Request, kind: Kind) -> None:
    """Refuse names in the query that are no field or sublist of the record type."""
    fields_too = request.flag("replaceSelectedFields")
    for name in request.names("replace"):
        if name not in kind.sublists and not (fields_too and name in kind.body):
            raise Refused("bad parameter", "replace", name="replace", value=name)
