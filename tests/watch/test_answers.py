"""Health and metrics are answered to machines without signing in, and say nothing that is not theirs to know."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from django.db import connection
from django.utils import timezone
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from contrapost.permissions import Role
from contrapost.records import accounts, asks, lease, workers
from contrapost.records.models import Account, Transaction
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.records.setup import configure
from contrapost.watch import otel
from contrapost.watch.answers import Watch
from contrapost.watch.port import watched

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from contrapost.app import App

HERE = {"REMOTE_ADDR": "127.0.0.1"}


def _fill(app: App) -> None:
    now = timezone.now()
    netsuite = NetSuiteRow(name="books", settings={"url": "x"}, secrets={"t": "secret-t"})
    accounts.add_netsuite(netsuite, vault=app.vault, now=now)
    row = AccountRow(name="shop", connector="demo", netsuite="books", identity="s", settings={})
    accounts.add(row, vault=app.vault, now=now)
    ids = [
        Transaction.objects.create(
            account=Account.objects.get(), store_refund_id=str(number), order_id="1", order_name="#1", status=status,
            refunded_at=now - timedelta(hours=number), refunded_on=now.date(), amount_minor=1, currency="USD", raw="{}",
            digest="d", seen_digest="d", created_at=now, updated_at=now,
        ).pk
        for number, status in enumerate(("ready", "ready", "waiting"), start=1)
    ]  # fmt: skip
    asks.ask(ids[:1], by="x", priority=asks.Priority.MANUAL, now=now - timedelta(minutes=5))
    workers.beat("w1", "1")
    assert lease.acquire("books", "w1")


def _metrics(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_live_and_ready(app: App) -> None:
    """A fresh process lives and is ready; who is at work is counted, not named."""
    _fill(app)
    asked = Client(Watch(app))

    assert asked.get("/health/live").json == {"live": True}
    ready = asked.get("/health/ready")

    assert ready.status_code == 200
    assert ready.json == {
        "ready": True, "database": "ok", "migrations": "ok", "workers": 1, "leases": 1, "works": True,
    }  # fmt: skip
    assert asked.head("/health/ready").data == b""
    assert asked.post("/health/ready").status_code == 405


def test_not_ready_where_this_process_does_not_work(app: App) -> None:
    """A worker whose rounds stopped says so by itself."""
    assert Client(Watch(app, is_working=lambda: False)).get("/health/ready").status_code == 503


def test_metrics_of_what_stands(app: App) -> None:
    """Counts by state, what waits and since when, who works: as Prometheus reads it, without a secret."""
    _fill(app)

    said = Client(Watch(app)).get("/metrics", environ_base=HERE).text
    found = _metrics(said)

    assert found["contrapost_transactions", "shop", "ready"] == 2
    assert found["contrapost_transactions", "shop", "waiting"] == 1
    assert found["contrapost_oldest_seconds", "waiting"] == pytest.approx(3 * 3600, abs=60)
    assert found["contrapost_asks", "books"] == 1
    assert found["contrapost_oldest_ask_seconds", "books"] == pytest.approx(300, abs=60)
    assert found["contrapost_poll_failures", "shop"] == 0
    assert (found["contrapost_workers_alive",], found["contrapost_leases", "books"]) == (1, 1)
    assert found["contrapost_database_up",] == 1
    assert "process_cpu_seconds_total" in said
    assert "secret-t" not in said


@pytest.mark.parametrize(
    ("given", "sent", "status"),
    [
        ({}, {}, 200),
        ({}, {"REMOTE_ADDR": "10.0.0.9"}, 403),
        ({"behind_proxy": True}, {}, 403),
        ({"token": "t0ken"}, {}, 401),
        ({"token": "t0ken"}, {"HTTP_AUTHORIZATION": "Bearer wrong"}, 401),
        ({"token": "t0ken"}, {"HTTP_AUTHORIZATION": "Bearer t0ken", "REMOTE_ADDR": "10.0.0.9"}, 200),
        ({"token": "t0ken", "behind_proxy": True}, {"HTTP_AUTHORIZATION": "Bearer t0ken"}, 200),
    ],
)
def test_who_may_read_metrics(app: App, given: dict[str, Any], sent: dict[str, str], status: int) -> None:
    """This machine, as long as no proxy stands before us; or whoever has the token."""
    answer = Client(Watch(app, **given)).get("/metrics", environ_base={**HERE, **sent})

    assert answer.status_code == status
    if status != 200:
        assert answer.json["status"] == status


@pytest.fixture
def lost(app: App) -> Callable[[str], None]:
    """Takes the database away, or brings it back."""
    there = f"sqlite:///{connection.settings_dict['NAME']}"
    assert app

    def turn(how: str) -> None:
        configure("sqlite:////no-such-folder/rows.db" if how == "away" else there)

    return turn


def test_health_while_the_database_is_lost(app: App, lost: Callable[[str], None]) -> None:
    """Alive, not ready, and metrics that say so; ready again once it is back."""
    asked = Client(Watch(app))
    lost("away")

    assert asked.get("/health/live").status_code == 200
    assert asked.get("/health/ready").json["database"] == "lost"
    assert _metrics(asked.get("/metrics", environ_base=HERE).text)["contrapost_database_up",] == 0

    lost("back")
    assert asked.get("/health/ready").status_code == 200


def test_pages_and_api_while_the_database_is_lost(
    signed_in: Callable[..., Any], lost: Callable[[str], None], written: Callable[[str], io.StringIO]
) -> None:
    """A plain page and a problem, each 503, one line in the log without frames; and the next request is fine again."""
    browser, into = signed_in(Role.ADMINISTRATOR), written("json")
    lost("away")

    page, problem = (
        browser.get("/other-transactions/"),
        browser.get("/api/v1/refunds", HTTP_AUTHORIZATION="Bearer cp_x"),
    )

    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "The database does not answer" in page.content.decode()
    assert "default-src" in page["Content-Security-Policy"]
    assert problem.status_code == 503
    assert problem.json()["code"] == "database_lost"
    lines = [json.loads(line) for line in into.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["database lost", "database lost"]
    lost("back")
    assert browser.get("/other-transactions/").status_code == 200


def test_a_port_of_its_own(app: App) -> None:
    """A process without pages answers the same on a port of this machine, and lets it go at its end."""
    with watched(Watch(app), "127.0.0.1", 0) as port, urlopen(f"http://127.0.0.1:{port}/health/live") as answer:
        assert json.load(answer) == {"live": True}


class _Collector(BaseHTTPRequestHandler):
    """Keeps what is sent to it."""

    kept: list[bytes]

    def do_POST(self) -> None:
        """Takes metrics."""
        self.kept.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_metrics_reach_a_collector(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures in OpenTelemetry's own form, sent once more at the end."""
    _fill(app)
    kept: list[bytes] = []
    server = HTTPServer(("127.0.0.1", 0), type("Keeping", (_Collector,), {"kept": kept}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")

    with otel.sent(Watch(app).registry):
        pass
    server.shutdown()
    thread.join()
    server.server_close()

    sent = ExportMetricsServiceRequest.FromString(kept[-1])
    [resource] = sent.resource_metrics
    found = {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}
    ready = [
        point.as_double or point.as_int
        for point in found["contrapost_transactions"].gauge.data_points
        if any(one.value.string_value == "ready" for one in point.attributes)
    ]
    assert ready == [2]
    assert "contrapost" in {one.value.string_value for one in resource.resource.attributes}
