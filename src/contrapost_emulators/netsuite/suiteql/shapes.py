"""Lifts the values out of a query, so that queries of one shape are read and rewritten once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN = re.compile(
    r"""
    (?P<text>'(?:[^']|'')*')
    | (?P<kept>"[^"]*" | --[^\n]* | /\*.*?\*/ | \s+)
    | (?P<number>\d+(?:\.\d+)?(?![\w.]))
    | (?P<word>[A-Za-z_][\w$\#]*)
    | (?P<mark>\?)
    | (?P<compare><=|>=|<>|!=|[=<>])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
Value = str | int | float


class Shape:
    """A query with names in place of the values that may vary, and these values by name.

    Lifted is what stands after a comparison, in a list of IN, or as what TO_DATE reads: places where a value can be
    nothing else. All other values stay: the number of ORDER BY 1 or FETCH FIRST 5 ROWS is a part of the query.
    """

    def __init__(self, query: str, parameters: Sequence[Value | None]) -> None:
        self.values: dict[str, Value | None] = {}
        self._parameters = iter(parameters)
        self._before: tuple[str, str] = ("", "")
        self._in_list = False
        self.text = "".join(self._pieces(query))
        if any(True for _ in self._parameters):
            raise Refused("suiteql", why="More parameters were given than the query has question marks")

    def _pieces(self, query: str) -> Iterator[str]:
        for match in TOKEN.finditer(query):
            kind, piece = str(match.lastgroup), match.group()
            if kind == "kept":
                yield piece
                continue
            yield self._piece(kind, piece)
            self._note(kind, piece)

    def _piece(self, kind: str, piece: str) -> str:
        if kind == "mark":
            return self._named(self._next_parameter())
        if kind == "other" and piece == ":":
            raise Refused("suiteql", why="Invalid or unsupported search: values are bound to question marks")
        if kind in {"text", "number"} and self._may_vary():
            return self._named(_value(kind, piece))
        return piece

    def _next_parameter(self) -> Value | None:
        try:
            return next(self._parameters)
        except StopIteration:
            raise Refused("suiteql", why="The query has more question marks than parameters were given") from None

    def _named(self, value: Value | None) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _may_vary(self) -> bool:
        before, last = self._before
        return (
            (last in {"=", "<>", "!=", "<", ">", "<=", ">="} and before != "ROWNUM")
            or (self._in_list and last in {"(", ","})
            or (before, last) == ("TO_DATE", "(")
        )

    def _note(self, kind: str, piece: str) -> None:
        """Remember the last two tokens, and whether a list of IN is open."""
        last = piece.upper() if kind == "word" else piece
        opens = self._before[1] == "IN" and last == "("
        stays = self._in_list and (kind in {"text", "number", "mark"} or last == ",")
        self._in_list = opens or stays
        self._before = (self._before[1], last)


def _value(kind: str, piece: str) -> Value:
    if kind == "text":
        return piece[1:-1].replace("''", "'")
    return float(piece) if "." in piece else int(piece)
