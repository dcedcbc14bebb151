"""Ctrl+C ends an emulator without a complaint, also while it waits for the process that started it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["shopify", "netsuite"])
def test_an_attached_emulator_ends_quietly(name: str) -> None:
    """The interrupt reaches it as it does from a terminal; it says nothing of locks or threads."""
    call = [sys.executable, "-m", f"contrapost_emulators.{name}", "--port", "0", "--attached"]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout
        assert "http://" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        assert process.stderr
        assert "Fatal" not in process.stderr.read()
