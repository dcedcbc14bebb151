"""`contrapost worker`: a process that posts, and keeps accounts up, beside the server."""

from __future__ import annotations

import signal
import threading

import click


@click.command(name="worker")
def command() -> None:
    """Start a worker beside the server: it posts what is asked for and keeps accounts up. It ends with Ctrl+C.

    Any number of workers share the work where the database is PostgreSQL. What a worker that died was doing, another
    one goes on with within half a minute.
    """
    from contrapost.app import log_form
    from contrapost.cli.answer import opened
    from contrapost.engine.worker import working
    from contrapost.log import write

    write(log_form())
    app = opened()
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    with working(app):
        click.echo(f"Worker {app.holder} works. It ends with Ctrl+C; what is under way is finished first.")
        try:
            ending.wait()
        except KeyboardInterrupt:
            click.echo("Finishing what is under way.")
