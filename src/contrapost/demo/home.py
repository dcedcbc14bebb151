"""The demo's own folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def fresh_home(home: Path) -> None:
    """Empties the demo's own folder, and no other: it is known by the mark an earlier demo left in it."""
    mark = home / ".demo"
    if home.exists() and any(home.iterdir()) and not mark.exists():
        raise OSError(f"{home} is not a folder of the demo. Name another with CONTRAPOST_HOME, or move it away.")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    mark.touch()
