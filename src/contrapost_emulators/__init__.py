"""Emulators of the systems Contrapost talks to: each its own process, strict and stateful."""

from __future__ import annotations

import os
import sys
import threading


def end_with_parent() -> None:
    """Ends this process once its standard input closes, as it does when the process that started it is gone."""

    def wait() -> None:
        while sys.stdin.buffer.read(1024):
            continue
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
