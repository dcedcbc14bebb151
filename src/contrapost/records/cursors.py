"""Cursors: they name the last row seen by a moment and its id, so that rows coming in meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

import msgspec


class CursorError(ValueError):
    """A cursor is none that a list gave."""


def cursor_at(moment: datetime, id_: int) -> str:
    """Writes a cursor that names a row."""
    return base64.urlsafe_b64encode(msgspec.json.encode((moment, id_))).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Reads which row a cursor names.

    Raises:
        CursorError: the cursor is none that a list gave.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at, last = msgspec.json.decode(text, type=tuple[datetime, int])
    except (msgspec.MsgspecError, binascii.Error, ValueError) as fault:
        raise CursorError("This cursor is none that a list gave. Ask for the first page again.") from fault
    if at.tzinfo is None:
        raise CursorError("This cursor is none that a list gave. Ask for the first page again.")
    return at, last
