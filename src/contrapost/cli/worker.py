"""`contrapost worker`: a process that posts, and keeps accounts up, beside the server."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from contrapost.netsuite.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.app import App
    from contrapost.engine.worker import Worker


@click.command(name="worker")
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Answer /health/live, /health/ready and /metrics on this port; 0 for a free one.",
)
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="The network interface of that port.")
def command(metrics_port: int | None, metrics_host: str) -> None:
    """Start a worker beside the server: it posts what is asked for and keeps accounts up. It ends with Ctrl+C.

    Any number of workers share the work where the database is PostgreSQL. What a worker that died was doing, another
    one goes on with within half a minute.
    """
    from contrapost.app import log_form, metrics_token
    from contrapost.cli.answer import opened
    from contrapost.engine.worker import working
    from contrapost.log import write

    if metrics_host not in LOOPBACK and not metrics_token():
        raise click.UsageError("For other machines, metrics need a token: set CONTRAPOST_METRICS_TOKEN.")
    write(log_form())
    app = opened()
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    with working(app) as worker, _watched(app, worker, metrics_host, metrics_port):
        click.echo(f"Worker {app.holder} works. It ends with Ctrl+C; what is under way is finished first.")
        try:
            ending.wait()
        except KeyboardInterrupt:
            click.echo("Finishing what is under way.")


@contextmanager
def _watched(app: App, worker: Worker, host: str, port: int | None) -> Iterator[None]:
    """Lets others watch the worker, where that was asked for."""
    from contrapost.app import metrics_token
    from contrapost.cli.running import sent_where_asked
    from contrapost.watch.answers import Watch
    from contrapost.watch.port import watched

    watch = Watch(app, token=metrics_token(), is_working=worker.is_well)
    with sent_where_asked(watch):
        if port is None:
            yield
            return
        with watched(watch, host, port) as bound:
            click.echo(f"Its health and metrics are at http://{host}:{bound}/health/ready and /metrics.")
            yield
