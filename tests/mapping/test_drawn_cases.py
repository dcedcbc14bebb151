"""Cases that nobody wrote down: drawn bills and refunds, posted into the emulated NetSuite."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from mapping_cases import Case, in_order
from mapping_draws import cases
from mapping_outcome import LEDGER, play

from contrapost.app import App
from contrapost.demo.processes import Emulator
from contrapost.records.setup import configure
from contrapost.vault import Vault, new_key


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # an example takes a while: the first that fails is shown as it is
    suppress_health_check=list(HealthCheck),
)
@given(case=cases())
def test_well_formed_refund_is_posted_as_it_was_shown(
    case: Case, books_process: Emulator, with_tables: Path, tmp_path: Path
) -> None:
    """Whatever the bill, a refund that adds up is ready, and NetSuite then holds what the preview showed, once."""
    played = play(case, books_process, _app(with_tables, tmp_path))

    assert played.comes_to == "ready", f"{played.words}\n{case}"
    assert in_order(played.preview) == in_order(played.tables[LEDGER])
    assert not played.unnamed_warnings
    assert not played.equations
    assert not played.written_again


def _app(with_tables: Path, folder: Path) -> App:
    """Contrapost on an empty database, one for each example."""
    connection.close()
    shutil.copy(with_tables, folder / "rows.db")
    configure(f"sqlite:///{folder}/rows.db")
    return App(vault=Vault([new_key()]), holder="test", sleep=lambda _seconds: None)
