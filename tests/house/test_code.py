"""The house rules that no linter knows: sentences first, small files and functions, honest names."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from house import ROOT, definitions, files_of_tests, short, source_files, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
BANNED = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "data", "stuff"}
GENERATED = {"src/contrapost/refunds/currencies.py"}


def _is_sentence(docstring: str | None) -> bool:
    """One sentence on the first line, or a sentence that goes on to a second line before it ends."""
    if not docstring:
        return False
    first = docstring.strip().split("\n\n")[0]
    return first[0].isupper() or first[0] in "`'\"0123456789(" if first.endswith((".", "!", "?", ":")) else False


def _is_public(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split("."))


def test_modules_and_public_names_begin_with_a_sentence() -> None:
    """Every module, public class and public function says in one sentence what it is."""
    silent = [short(path) for path in source_files() if not _is_sentence(ast.get_docstring(tree_of(path)))]
    for path in source_files():
        silent += [
            f"{short(path)}: {name}"
            for name, node in definitions(path)
            if _is_public(name) and not _is_sentence(ast.get_docstring(node))
        ]

    assert not silent


def test_tests_begin_with_the_expected_behaviour() -> None:
    """Every test says in its first line what is expected, so that a failure reads as a sentence."""
    silent = [
        f"{short(path)}: {name}"
        for path in files_of_tests()
        for name, node in definitions(path)
        if node.name.startswith("test_") and not _is_sentence(ast.get_docstring(node))
    ]

    assert not silent


def test_files_stay_small() -> None:
    """No file of the product or of its tests has more lines than a person reads at once."""
    files = [*source_files(), *files_of_tests()]
    long = {
        short(path): lines
        for path in files
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
        and short(path) not in GENERATED
    }

    assert not long


def test_functions_stay_small() -> None:
    """No function is longer than a screen."""
    long = {
        f"{short(path)}: {name}": lines
        for path in source_files()
        for name, node in definitions(path)
        if isinstance(node, ast.FunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    }

    assert not long


def test_names_say_something() -> None:
    """No module, and no public class or function, goes by a word that could hold anything."""
    empty = [short(path) for path in source_files() if BANNED & set(path.stem.lower().split("_"))]
    empty += [
        f"{short(path)}: {name}"
        for path in source_files()
        for name, node in definitions(path)
        if node.name.lower() in BANNED
    ]

    assert not empty


def test_no_connector_is_named_outside_its_folder() -> None:
    """Adding a store touches one folder.

    The demo tells the story of one store, and the emulators are the stores; both name what they show. A docstring may
    take a store as its example.
    """
    connectors = [path.parent.name for path in (ROOT / "src/contrapost/stores").glob("*/__init__.py")]
    names = re.compile("|".join(connectors), re.IGNORECASE)
    inside = {ROOT / "src/contrapost/stores" / name for name in connectors}
    exempt = {ROOT / "src/contrapost/demo", ROOT / "src/contrapost_emulators", *inside}
    told = [
        f"{short(path)}: {said}"
        for path in source_files()
        if not any(folder in path.parents for folder in exempt) and short(path) != "src/contrapost/cli/demo.py"
        for said in _said_by_code(path)
        if names.search(said)
    ]

    assert not told


def _said_by_code(path: Path) -> Iterator[str]:
    """The names and texts of a file that do something: no docstrings, no comments."""
    tree = tree_of(path)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        for field in ("id", "attr", "arg", "name", "module"):
            said = getattr(node, field, None)
            if isinstance(said, str):
                yield said


def test_a_store_imports_nothing_but_its_own_and_what_stores_share() -> None:
    """A store's folder knows the refund document, the contract, the transport, and itself; no other store."""
    strangers = []
    for path in source_files():
        if path.parent.parent != ROOT / "src/contrapost/stores":
            continue
        own = f"contrapost.stores.{path.parent.name}"
        allowed = ("contrapost.refunds", "contrapost.stores.contract", "contrapost.stores.transport", own)
        strangers += [f"{short(path)}: {name}" for name in _imports(path) if not _is_within(name, allowed)]

    assert not strangers


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return [name for name in found if name.split(".")[0] == "contrapost"]


def _is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_the_environment_is_read_in_one_place() -> None:
    """Only the composition root reads the environment; click's own option of the demo names its variable."""
    readers = [
        short(path)
        for path in source_files()
        if re.search(r"os\.environ|os\.getenv|from os import", path.read_text(encoding="utf-8"))
    ]

    assert readers == ["src/contrapost/app.py"]
