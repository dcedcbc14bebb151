"""Writes a profile as one YAML file that people read, keep and review: in one order, each setting with its help."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

from contrapost.mapping.profile import SETTINGS
from contrapost.mapping.rule_text import PREFIX as RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION_KEY: Final = "contrapost_profile"
VERSION: Final = "1"
_WIDTH: Final = 100
_LONGEST_KEY: Final = 128
"""YAML wants a longer one marked as what it is."""
_HEAD: Final = (
    "How the refunds of a store account are booked: a profile of Contrapost, without secrets. Import takes the whole "
    "file: a setting that it does not name counts as its default, such as those that stand behind # here."
)


@dataclass(slots=True)
class _Node:
    """One name of the file: with a value, or with names below it."""

    help: str = ""
    value: str = ""
    is_default: bool = False
    below: dict[str, _Node] = field(default_factory=dict)

    def at(self, path: tuple[str, ...]) -> _Node:
        """Gives the node at a path below this one, made if it is not there."""
        return self.below.setdefault(path[0], _Node()).at(path[1:]) if path else self

    @property
    def is_set(self) -> bool:
        """Says whether anything here or below is more than a default."""
        return any(node.is_set for node in self.below.values()) if self.below else not self.is_default


def write(profile: Mapping[str, str]) -> str:
    """Writes a profile: what is set, and the defaults of what is not, each with its help."""
    tree = _Node()
    for setting in SETTINGS:
        path = tuple(setting.name.removesuffix(".*").split("."))
        if setting.name.endswith(".*"):
            prefix = setting.name.removesuffix("*")
            for name in sorted(name for name in profile if name.startswith(prefix)):
                rest = name.removeprefix(prefix)
                tree.at((*path, *(rest.split(".", 1) if prefix == RULES else [rest]))).value = profile[name]
                tree.at(path).help = setting.help
        elif setting.name in profile or setting.default:
            node = tree.at(path)
            node.help, node.value = setting.help, profile.get(setting.name, setting.default)
            node.is_default = setting.name not in profile
    lines = [*_comment(_HEAD), f"{VERSION_KEY}: {VERSION}"]
    for name, node in tree.below.items():
        lines += ["", *_written(name, node, 0)]
    return "\n".join(lines) + "\n"


def _written(name: str, node: _Node, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield from (indent + line for line in _comment(node.help))
    if not node.below:
        yield from (f"{indent}{'# ' if node.is_default else ''}{line}" for line in _leaf(name, node.value))
        return
    if node.is_set:
        yield f"{indent}{_scalar(name)}:"
    for inner, below in node.below.items():
        yield from _written(inner, below, depth + 1) if node.is_set else _written(f"{name}.{inner}", below, depth)


def _leaf(name: str, value: str) -> Iterator[str]:
    key = _scalar(name)
    if len(key) <= _LONGEST_KEY:
        yield f"{key}: {_scalar(value)}"
    else:
        yield f"? {key}"
        yield f": {_scalar(value)}"


def _scalar(text: str) -> str:
    """Gives a text as YAML writes it, on one line."""
    style = None if text.isprintable() else '"'
    written: str = yaml.safe_dump(text, default_style=style, width=float("inf"), allow_unicode=True)
    return written.removesuffix("\n").removesuffix("\n...")


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]
