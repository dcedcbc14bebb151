"""An answer before it goes onto the wire."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from contrapost_emulators.netsuite.errors import Refused, envelope

JSON = "application/vnd.oracle.resource+json; type={kind}"
LONGEST_HEADER = 8000
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of one answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def encoded(document: object) -> bytes:
    """A document as JSON, with exact numbers."""
    return _encoder.encode(document)


def shown(document: object, kind: str = "singular", status: int = 200) -> Answer:
    """An answer with a document of NetSuite's media type."""
    return Answer(status, encoded(document), {"Content-Type": JSON.format(kind=kind)})


def plain(document: object, status: int = 200) -> Answer:
    """An answer with plain JSON."""
    return Answer(status, encoded(document), {"Content-Type": "application/json"})


def saved(location: str, warnings: list[str], notices: list[str]) -> Answer:
    """The empty answer to a write: where the record is, what of the body was ignored, and what was remarked."""
    headers = {"Location": location}
    for name, words in (("X-NetSuite-PropertyValidation", warnings), ("X-NetSuite-Warning", notices)):
        if words:
            headers[name] = _header(" ".join(words))
    return Answer(204, b"", headers)


def _header(text: str) -> str:
    """Words that may hold names a caller made up: a header takes no line breaks, only ASCII, and no end of it."""
    return text.encode("unicode_escape").decode("ascii")[:LONGEST_HEADER]


def turned_down(refused: Refused) -> Answer:
    """The answer that carries a refusal."""
    return shown(envelope(refused), "error", refused.status)
