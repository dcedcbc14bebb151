"""What the house tests look at: the files of the repository, as git or the folders know them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
Named = tuple[str, ast.FunctionDef | ast.ClassDef]


def source_files() -> list[Path]:
    """The files of the product and of the emulators; migrations are made by a tool, tests are tests."""
    found = sorted((ROOT / "src").rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts and not path.name.startswith("test_")]


def files_of_tests() -> list[Path]:
    """The files that hold tests, wherever they are."""
    return sorted(path for folder in ("src", "tests") for path in (ROOT / folder).rglob("test_*.py"))


def pages() -> list[Path]:
    """The pages people read."""
    folders = sorted((ROOT / "docs").rglob("*.md")), sorted((ROOT / "src").rglob("README.md"))
    return [*sorted(ROOT.glob("*.md")), *folders[0], *folders[1]]


@cache
def tree_of(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    """A path as people name it."""
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> Iterator[Named]:
    """Every class and function of a file with its dotted name, those within functions left out."""
    yield from _inside(tree_of(path), "")


def _inside(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[Named]:
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _inside(node, f"{prefix}{node.name}.")
