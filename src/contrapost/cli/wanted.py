"""How the command line is told which refunds: by orders, by a file of orders, or by a span of time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contrapost.order_list import orders_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contrapost.flow import Orders, Span


def wanted_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --order, --file, --since and --until to a verb."""
    options = (
        click.option(
            "--order", "orders", multiple=True, metavar="ID", help="An order, as #1001, 1001 or the store's long id."
        ),
        click.option(
            "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Orders, one a line."
        ),
        click.option(
            "--since", metavar="TIME", help="Orders that changed since then: 2026-11-01 or 2026-11-01T09:30+01:00."
        ),
        click.option("--until", metavar="TIME", help="Orders that changed before then."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def wanted(orders: Sequence[str], file: Path | None, since: str | None, until: str | None) -> Orders | Span:
    """Reads which refunds are asked for.

    Raises:
        click.UsageError: neither orders nor a span is given, or both.
    """
    from contrapost import flow

    names = [*orders, *(_orders_in(file) if file else ())]
    if bool(names) == bool(since):
        raise click.UsageError("Say which: --order ID (or --file ids.csv), or --since TIME.")
    if since:
        return flow.Span(since=_moment(since), until=_moment(until) if until else None)
    return flow.Orders(names=names)


def _orders_in(file: Path) -> list[str]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        names = orders_in(lines)
    if not names:
        raise click.UsageError(f"{file} names no order. Put one order a line, such as #1001.")
    return names


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no time. Write it as 2026-11-01 or 2026-11-01T09:30+01:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
