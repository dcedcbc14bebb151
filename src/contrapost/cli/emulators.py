"""Which emulators there are. They are processes of their own: nothing of theirs is imported here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "contrapost_emulators"


def emulator_names() -> list[str]:
    """Names the emulators there are, in the order of the alphabet."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return []
    folders = Path(next(iter(spec.submodule_search_locations))).glob("*/__main__.py")
    return sorted(path.parent.name for path in folders)


def module_of(system: str) -> str:
    """Gives the module that starts an emulator."""
    return f"{PACKAGE}.{system}"
