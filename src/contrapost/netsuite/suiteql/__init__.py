"""The SuiteQL we ask, one file a question, and the way values get into it safely."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def question(name: str, **parts: str) -> str:
    """Gives one question with its parts filled in, all at once: a value that looks like a part stays a value.

    Args:
        name: of its file.
        parts: what stands in the place of `:part`, for each part that the question has; values in it quoted already.
    """
    return re.sub(r":([a-z_]+)", lambda found: parts[found[1]], _text(name))


@cache
def _text(name: str) -> str:
    """The text without its comments."""
    text = files(__name__).joinpath(f"{name}.sql").read_text()
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def quoted(value: str) -> str:
    """Writes a value as a SuiteQL literal."""
    return "'" + value.replace("'", "''") + "'"


def quoted_list(values: Iterable[str]) -> str:
    """Writes values as the inside of an IN; of none, one that nothing equals."""
    return ", ".join(quoted(value) for value in values) or "NULL"
