"""Shows what the program makes of the cases, beside what they say; with --write, puts it into them for review.

Called by `make cases`. What a case says is worked out by hand; the tests never call this.
"""

from __future__ import annotations

import difflib
import shutil
import sys
import tempfile
from pathlib import Path

from contrapost.app import App
from contrapost.demo.processes import emulator
from contrapost.records.setup import configure, migrate
from contrapost.vault import Vault, new_key

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main(names: list[str], *, write: bool) -> None:
    """Plays the cases whose names begin with one of these (all, without names) and tells where one does not hold."""
    sys.path.insert(0, str(TESTS))
    with tempfile.TemporaryDirectory() as folder, emulator("netsuite", "contrapost_emulators.netsuite") as books:
        configure(f"sqlite:///{folder}/empty.db")
        migrate()
        from django.db import connection
        from mapping_cases import paths
        from mapping_review import rewritten

        chosen = [path for path in paths() if not names or path.stem.startswith(tuple(names))]
        changed = 0
        for path in chosen:
            connection.close()
            shutil.copy(f"{folder}/empty.db", f"{folder}/rows.db")
            configure(f"sqlite:///{folder}/rows.db")
            app = App(vault=Vault([new_key()]), holder="cases", sleep=lambda _seconds: None)
            try:
                text = rewritten(path, books, app)
            except AssertionError as wrong:
                text = f"It cannot be played: {wrong}\n"
            changed += _tell(path, text, write=write)
        connection.close()
    sys.stdout.write(f"{changed} of {len(chosen)} cases do not hold.\n")


def _tell(path: Path, text: str, *, write: bool) -> bool:
    before = path.read_text(encoding="utf-8")
    if text == before:
        return False
    compared = difflib.unified_diff(before.splitlines(), text.splitlines(), path.name, "as it comes out", lineterm="")
    sys.stdout.write("\n".join(compared) + "\n\n")
    if write and text.startswith("# "):
        path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name != "--write"], write="--write" in sys.argv)
