"""Finds the connectors: every folder beside this file that offers one. There is no list to keep."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contrapost.stores.contract import Connector


def connector_names() -> tuple[str, ...]:
    """Names the connectors there are, in the order of the alphabet."""
    return tuple(sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py")))


@cache
def connector(name: str) -> Connector:
    """Gives the connector of this name.

    Raises:
        LookupError: there is none; the message names those there are.
    """
    if name not in connector_names():
        raise LookupError(f"There is no connector {name!r}; there is {', '.join(connector_names())}.")
    found: Connector = import_module(f"contrapost.stores.{name}").CONNECTOR
    return found
