"""Settings on the command line: `--set name=value`, with secrets from a file or from standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def set_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --set to a verb; the verb gets `values`."""
    return click.option(
        "--set",
        "values",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_read,
        help="A setting. NAME=@FILE takes the value from a file, NAME=- from standard input.",
    )(function)


def _read(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    del context, option
    values: dict[str, str] = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{entry!r} is no setting. Write it as NAME=VALUE.")
        values[name.strip()] = _value(name, value)
    return values


def _value(name: str, value: str) -> str:
    if value == "-":
        return sys.stdin.read().strip()
    if not value.startswith("@"):
        return value
    try:
        return Path(value[1:]).expanduser().read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise click.BadParameter(f"The file for {name} cannot be read: {fault.strerror} ({value[1:]}).") from None
