"""The SuiteQL we ask, one file a question, and the way values get into it safely."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def question(name: str) -> str:
    """Gives the text of one question, without its comments."""
    text = files(__name__).joinpath(f"{name}.sql").read_text()
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def quoted(value: str) -> str:
    """Writes a value as a SuiteQL literal."""
    return "'" + value.replace("'", "''") + "'"


def quoted_list(values: Iterable[str]) -> str:
    """Writes values as the inside of an IN; of none, one that nothing equals."""
    return ", ".join(quoted(value) for value in values) or "NULL"
