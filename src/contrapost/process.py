"""Naming a process so that others can tell whether it is still there."""

from __future__ import annotations

import gc
import os
import secrets
import socket
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_COLLECT_AFTER = (5_000, 20, 20)
"""New objects, and collections of the younger ones, after which the next collection comes."""
_PIDS = Path("/proc/self/ns/pid")


def new_name() -> str:
    """Names this process as no other one ever: host, which start of the machine, process number, and chance.

    Where the machine says neither its start nor which processes see each other, others cannot tell that it is gone.
    """
    return f"{socket.gethostname()}:{_machine()}:{os.getpid()}:{secrets.token_hex(3)}"


def collect_seldom() -> None:
    """Lets Python look for garbage seldom, and never again in what came with the program, for all of this process.

    Refunds that are looked at are many thousand objects, hardly any of them in a circle. Looking through them as often
    as Python does by itself stops all threads, for a fifth of a second at worst, while NetSuite waits for calls.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def is_gone(name: str) -> bool:
    """Says whether a process of this machine is there no more, for sure; of others, nothing can be said."""
    parts = name.split(":")
    if len(parts) != len(("host", "machine", "number", "chance")) or not _machine() or parts[1] != _machine():
        return False
    try:
        os.kill(int(parts[2]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return _is_over(int(parts[2]))


def _is_over(number: int) -> bool:
    """A process that ended and was not fetched by its parent is still listed."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except OSError:
        return False


@cache
def _machine() -> str:
    """Which start of which machine this is, and which of its processes see each other."""
    try:
        return f"{_BOOT.read_text()[:8]}{_PIDS.stat().st_ino}"
    except OSError:
        return ""
