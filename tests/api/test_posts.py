"""A post that nobody waits for goes on, and a fault of it is not lost."""

from __future__ import annotations

import threading

import pytest

from contrapost import flow
from contrapost.app import App
from contrapost.posts import Posts


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A post ends, in a fault, when this is set."""
    event = threading.Event()

    def post(*_: object, **__: object) -> None:
        event.wait()
        raise ZeroDivisionError

    monkeypatch.setattr(flow, "post", post)
    return event


def test_a_fault_after_the_wait_is_logged(app: App, go_on: threading.Event, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is there to be told, so the log is."""
    posts = Posts(app)

    assert posts.post(1, by="ada", seen="", wait_seconds=0) is None
    go_on.set()
    posts.finish()

    assert "ZeroDivisionError" in caplog.text
