"""The log, written into memory, and left as it was."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from contrapost import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def written() -> Iterator[Callable[[str], io.StringIO]]:
    """Writes the log in a form, and gives what it is written to."""
    root, ours = logging.getLogger(), logging.getLogger("contrapost")
    before = (root.handlers, root.level, ours.level)

    def begin(form: str) -> io.StringIO:
        into = io.StringIO()
        log.write(form, into)
        return into

    yield begin
    root.handlers = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
