"""A shop and its books to be compared, emulated, with an opened Contrapost between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reconcile.sides import Sides

from contrapost.app import App
from contrapost.demo.processes import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sides(app: App, shop_process: Emulator, books_process: Emulator) -> Iterator[Sides]:
    """An empty shop and books with a chart, connected."""
    made = Sides(app, shop_process, books_process)
    made.connect()
    return made
