"""A worker looks for garbage seldom, and what lies in circles goes all the same."""

from __future__ import annotations

import subprocess
import sys

SAYS = """
import gc, weakref
import contrapost.netsuite.client
from contrapost.process import collect_seldom

class Circle:
    pass

before = gc.get_threshold()
collect_seldom()
one = Circle()
one.itself, seen = one, weakref.ref(one)
del one
kept = [[] for _ in range(2 * gc.get_threshold()[0])]
print(gc.get_threshold()[0] > before[0], gc.get_freeze_count() > 10_000, seen() is None)
"""


def test_what_came_with_the_program_is_not_looked_through_again() -> None:
    """The program's own objects are left out of every collection; a new circle goes with the next one."""
    said = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["True", "True", "True"]
