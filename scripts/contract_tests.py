"""Reads the tests of the NetSuite contract: which operations each one uses, and how sure we are that NetSuite agrees.

Nothing is run: the tests' own code says what they send. A test uses what its body names, what the functions it calls
name, and what it is parametrized with.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests/emulators/netsuite"
SHOP = ROOT / "tests/contract/shop.py"
TRANSFORM = re.compile(r"(\w+|\{\})/[^/]*/(?:!|%21)transform/(\w+|\{\})")
RECORD = re.compile(r"(?:.*/record/v1/)?(\w+|\{\})(?:([/?])(.*))?")
CALLS = {
    "make": "create",
    "post": "create",
    "patch": "patch",
    "put": "upsert",
    "delete": "delete",
    "get": "get",
    "read": "get",
    "PUT": "upsert",
    "PATCH": "patch",
    "DELETE": "delete",
    "GET": "get",
    "POST": "create",
}
CLIENTS = {"net", "shop", "self", "account", "api"}
"""What the tests call the thing they speak through."""
ANY = "{}"
"""What stands in a template where the code puts a value in."""


@dataclass
class Uses:
    """What one function sends: operations on record types, transforms, every text it holds, and whom it calls."""

    operations: set[tuple[str, str]] = field(default_factory=set)
    transforms: set[tuple[str, str]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names of keyword arguments."""

    def join(self, other: Uses) -> None:
        """Add what another function sends."""
        self.operations |= other.operations
        self.transforms |= other.transforms
        self.texts |= other.texts
        self.calls |= other.calls
        self.names |= other.names


@dataclass(frozen=True)
class Test:
    """A test: its name, its stamp, what it uses."""

    name: str
    stamp: str
    uses: Uses


def tests() -> list[Test]:
    """All tests of the contract, in the order of their files."""
    shop = {name: _uses(node) for name, node in _functions(SHOP)}
    return [test for path in sorted(TESTS.glob("test_*.py")) for test in _tests_of(path, shop)]


def _tests_of(path: Path, shop: dict[str, Uses]) -> Iterator[Test]:
    own = {name: _uses(node) for name, node in _functions(path)}
    known = shop | own
    stamp_of_all = _stamp(_module_marks(path))
    for name, node in _functions(path):
        if name.startswith("test_"):
            stamp = _stamp(node.decorator_list) or stamp_of_all
            yield Test(f"{path.stem}::{name}", stamp, _whole(name, known))


def _whole(name: str, known: dict[str, Uses]) -> Uses:
    """What a function sends, with all that it calls."""
    whole, seen, waiting = Uses(), set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in seen and one in known:
            seen.add(one)
            whole.join(known[one])
            waiting += known[one].calls
    return whole


def _functions(path: Path) -> list[tuple[str, ast.FunctionDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(node.name, node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _module_marks(path: Path) -> list[ast.expr]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_pytestmark(node)]
    return [mark for value in named for mark in (value.elts if isinstance(value, ast.List | ast.Tuple) else [value])]


def _is_pytestmark(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


def _stamp(marks: Iterable[ast.expr]) -> str:
    """`documented`, `verified` or `chosen`; nothing where no mark is a stamp."""
    for mark in marks:
        if isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "stamp" and mark.args:
            return _text(mark.args[0]).partition(":")[0]
    return ""


def _text(node: ast.expr) -> str:
    """A text as a template, with a mark where values go in; nothing where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else ANY for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (_text(node.left) or ANY) + (_text(node.right) or ANY)
    return ""


def _uses(function: ast.FunctionDef) -> Uses:
    uses = Uses()
    nodes = list(ast.walk(function))
    uses.texts = {text for node in nodes if isinstance(node, ast.expr) and (text := _text(node))}
    uses.calls = {str(node.id) for node in nodes if isinstance(node, ast.Name)}
    uses.calls |= {str(node.attr) for node in nodes if isinstance(node, ast.Attribute)}
    uses.names = {str(node.arg) for node in nodes if isinstance(node, ast.keyword)}
    for text in uses.texts:
        uses.transforms |= set(_spelled_out(TRANSFORM.findall(text), uses.texts))
    for node in nodes:
        if isinstance(node, ast.Call):
            uses.operations |= set(_operations(node, uses.texts))
    return uses


def _spelled_out(pairs: list[tuple[str, str]], texts: set[str]) -> Iterator[tuple[str, str]]:
    """A type that is put in may be any that the function names."""
    for source, target in pairs:
        for start in texts if source == ANY else {source}:
            for end in texts if target == ANY else {target}:
                yield start, end


def _operations(call: ast.Call, texts: set[str]) -> Iterator[tuple[str, str]]:
    """The operation a call sends, with the record type it is sent to."""
    if not isinstance(call.func, ast.Attribute) or _receiver(call.func) not in CLIENTS:
        return
    name = call.func.attr
    if name == "sale":
        kinds = [_text(one.value) or ANY for one in call.keywords if one.arg == "kind"] or ["cashSale"]
        yield from (("create", kind) for one in kinds for kind in (texts if one == ANY else {one}))
        return
    arguments = call.args
    if name == "call" and arguments:
        name, arguments = _text(arguments[0]), arguments[1:]
    if name not in CALLS or not arguments:
        return
    path = _text(arguments[0]) or ANY
    match = RECORD.fullmatch(path)
    if match is None or "transform/" in path:
        return
    operation = CALLS[name]
    if operation == "get" and match[2] != "/":
        operation = "list"
    yield from ((operation, kind) for kind in (texts if match[1] == ANY else {match[1]}))


def _receiver(called: ast.Attribute) -> str:
    return str(getattr(called.value, "id", getattr(called.value, "attr", "")))


def stamps(found: Iterable[Test]) -> list[str]:
    """The stamps that some tests carry, surest first."""
    carried = {test.stamp for test in found}
    return [stamp for stamp in ("documented", "verified", "chosen") if stamp in carried]


def by_operation(found: Iterable[Test]) -> dict[tuple[str, str], list[Test]]:
    """The tests that use each operation on each record type, the type's name in lower case."""
    users: dict[tuple[str, str], list[Test]] = defaultdict(list)
    for test in found:
        for operation, kind in test.uses.operations:
            users[operation, kind.lower()].append(test)
    return users


def by_transform(found: Iterable[Test]) -> dict[tuple[str, str], list[Test]]:
    """The tests that use each transform, names in lower case."""
    users: dict[tuple[str, str], list[Test]] = defaultdict(list)
    for test in found:
        for source, target in test.uses.transforms:
            users[source.lower(), target.lower()].append(test)
    return users


def calling(found: Iterable[Test], name: str) -> list[Test]:
    """The tests that call something by a name."""
    return [test for test in found if name in test.uses.calls]


def holding(found: Iterable[Test], pattern: str) -> list[Test]:
    """The tests in which some text holds a pattern, in any case of letters."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return [test for test in found if any(wanted.search(text) for text in test.uses.texts)]


def naming(found: Iterable[Test], name: str) -> list[Test]:
    """The tests that name something: as a text, as the name of an argument, or put together from parts."""
    return [test for test in found if name in test.uses.names or any(_fits(text, name) for text in test.uses.texts)]


def _fits(text: str, name: str) -> bool:
    if ANY not in text or len(text) < len(name) / 2:
        return text == name
    return re.fullmatch(re.escape(text).replace(re.escape(ANY), ".+"), name) is not None
