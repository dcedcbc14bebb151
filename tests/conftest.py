"""Django is set up before any test imports the rows: their models can only be made then."""

from __future__ import annotations

from contrapost.records.setup import configure

configure("sqlite:///no-such-folder/rows.db")
