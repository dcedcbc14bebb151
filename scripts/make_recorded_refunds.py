"""Writes docs/recorded-refunds.md anew from the recordings beside the clone. Run by `make recorded-refunds`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the readers of the recordings are the tests' own

from recorded.page import all_outcomes, page  # noqa: E402 - found once the path is set

TARGET = ROOT / "docs/recorded-refunds.md"


def main() -> None:
    """Reads every recorded refund, maps it, and writes what became of it."""
    folder = Path(os.environ.get("CONTRAPOST_SHARED", ROOT.parent / "shared")) / "fixtures"
    if not folder.is_dir():
        raise SystemExit(f"There are no recordings at {folder}. Name their folder in CONTRAPOST_SHARED.")
    TARGET.write_text(page(all_outcomes(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
