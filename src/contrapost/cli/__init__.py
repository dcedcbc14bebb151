"""The command line: `contrapost`, one file a verb."""

from __future__ import annotations

from contrapost.cli.root import main

__all__ = ["main"]
