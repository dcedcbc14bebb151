"""What the tests of corrections start from: emulators, and an opened Contrapost between them."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contrapost import accounts

sys.path.insert(0, str(Path(__file__).parent))
from one_process import Trade
from world import PROFILE, chart

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator


@pytest.fixture
def trade(app: App, shop_process: Emulator, books_process: Emulator, tmp_path: Path) -> Trade:
    """An empty shop, books with the chart of the worked cases, and an account that joins them."""
    for running in (shop_process, books_process):
        running.ask("POST", "reset")
    made = Trade(shop_process, books_process, tmp_path, replace(app, sleep=lambda _: time.sleep(0.01)))
    made.seed(*chart())
    accounts.add_netsuite(made.app, "books", made.books.credentials())
    accounts.add(made.app, "shopify", "shop", {**made.shop.credentials(), **PROFILE})
    return made
