"""The emulators, once a worker, and a fresh world for each test."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from contrapost.demo.processes import Emulator

sys.path.insert(0, str(Path(__file__).parent))
from world import World, chart


@pytest.fixture(scope="session")
def connected_home(shop_process: Emulator, books_process: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with both accounts set up; a reset keeps credentials and gives the same ids again."""
    for running in (shop_process, books_process):
        running.ask("POST", "reset")
    made = World(shop_process, books_process, tmp_path_factory.mktemp("connected") / "home")
    made.seed(*chart())
    made.connect()
    return made.home


@pytest.fixture
def world(shop_process: Emulator, books_process: Emulator, connected_home: Path, tmp_path: Path) -> World:
    """An empty shop, books with the chart of the worked cases, and an account that joins them."""
    for running in (shop_process, books_process):
        running.ask("POST", "reset")
    made = World(shop_process, books_process, Path(shutil.copytree(connected_home, tmp_path / "home")))
    made.seed(*chart())
    return made
