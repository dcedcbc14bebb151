"""Django is set up before any test imports the rows: their models can only be made then."""

from __future__ import annotations

import sys
from pathlib import Path

from contrapost.records.setup import configure

sys.path.insert(0, str(Path(__file__).parent / "web"))
from harness import SETTINGS

configure("sqlite:///no-such-folder/rows.db", **SETTINGS)
