"""The queries we ask, each from its file, with what the dearest use of it costs in points."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("queries")
BUDGET = 1000
"""No query may ask for more points than this."""

ORDERS_PAGE = 45
REFUNDS_AT_ONCE = 6
MOST_LINES = 90
PAYOUTS_COST = 503

_PER_ORDER = 22
_PER_REFUND = 114
_PER_LINE = 9
_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")


@cache
def query(name: str) -> str:
    """Gives the text of a query with the parts that it uses."""
    text = (FOLDER / f"{name}.graphql").read_text()
    parts = _parts()
    used: list[str] = []
    todo = _SPREAD.findall(text)
    while todo:
        part = todo.pop(0)
        if part not in used:
            used.append(part)
            todo += _SPREAD.findall(parts[part])
    return "\n".join([text, *(parts[part] for part in used)])


def names() -> tuple[str, ...]:
    """Names all queries."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.graphql") if path.stem != "parts"))


def orders_cost(first: int) -> int:
    """Says what a page of so many orders asks for."""
    return 3 + _PER_ORDER * first


def refunds_cost(count: int, lines: int) -> int:
    """Says what so many refunds with so many lines each ask for."""
    return count * (_PER_REFUND + _PER_LINE * lines)


def lines_for(count: int) -> int:
    """Says how many lines each of so many refunds can be asked for at once."""
    return min(MOST_LINES, (BUDGET // count - _PER_REFUND) // _PER_LINE)


@cache
def _parts() -> dict[str, str]:
    text = (FOLDER / "parts.graphql").read_text()
    blocks = re.split(r"(?=^fragment )", text, flags=re.MULTILINE)[1:]
    return {block.split()[1]: block for block in blocks}
