"""Campaigns of the engine's tests."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from campaign import Campaign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.demo.processes import Emulator


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """The address of a PostgreSQL database without tables."""
    name = f"engine_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}".encode())
    return postgres.format(name)


@pytest.fixture
def campaign(shop_process: Emulator, books_process: Emulator, tmp_path: Path) -> Iterator[Campaign]:
    """A campaign on SQLite."""
    made = Campaign(shop_process, books_process, tmp_path / "home")
    yield made
    _ended(made)


@pytest.fixture
def on_postgres(
    shop_process: Emulator, books_process: Emulator, tmp_path: Path, empty_postgres: str
) -> Iterator[Campaign]:
    """A campaign on PostgreSQL."""
    made = Campaign(shop_process, books_process, tmp_path / "home", empty_postgres)
    yield made
    _ended(made)


def _ended(campaign: Campaign) -> None:
    """Ends all workers, and shows what they said last: where a test failed, that is what one wants to know."""
    campaign.close()
    log = campaign.home / "workers.log"
    print(log.read_text()[-6000:] if log.exists() else "No worker said anything.")  # noqa: T201 - shown with a failure
