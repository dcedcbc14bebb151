"""Pages of connections: forwards and backwards, from a cursor, with an honest `pageInfo`."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Any


class CursorError(ValueError):
    """A cursor is none of ours."""


def page(nodes: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    """Cuts the asked page out of all nodes.

    A cursor names the node it stands on, so that a page goes on behind it even when nodes before it are gone.

    Raises:
        CursorError: a cursor names no node.
    """
    nodes = list(reversed(nodes)) if given.get("reverse") else nodes
    start = _place(nodes, given["after"]) + 1 if given.get("after") else 0
    end = _place(nodes, given["before"]) if given.get("before") else len(nodes)
    first, last = given.get("first"), given.get("last")
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    edges = [{"node": nodes[place], "cursor": _cursor(nodes[place], place)} for place in range(start, end)]
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": start > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _cursor(node: Any, place: int) -> str:  # noqa: ANN401 - a node of any type
    return b64encode(_known_by(node, place).encode()).decode()


def _known_by(node: Any, place: int) -> str:  # noqa: ANN401 - the same
    own = node.get("id") if isinstance(node, dict) else None
    return str(own or place)


def _place(nodes: list[Any], cursor: str) -> int:
    try:
        name = b64decode(cursor, validate=True).decode()
    except (Base64Error, ValueError):
        name = ""
    for place, node in enumerate(nodes):
        if _known_by(node, place) == name:
            return place
    raise CursorError(f"Invalid cursor: {cursor!r}")
