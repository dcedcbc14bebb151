"""Reads a profile file: what `writing` wrote and people changed.

Every value is text, as settings are: `1090`, `no` and `0.05` mean what stands there, quoted or not. A name within a
name says the same as both with a dot between. The file is read event by event, so that each fault names its line and
nothing in a file can make it large or deep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

from contrapost.profiles.writing import VERSION, VERSION_KEY
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 500_000
"""Characters of a file that is read."""
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, or what keeps it from being read."""

    profile: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each setting stands in the file."""


class _OddFileError(Exception):
    """A file is not one of ours: says what is wrong, and in which line."""

    def __init__(self, what: str, line: int, fix: str = "Correct the file, or export it anew.") -> None:
        super().__init__(what)
        self.line, self.fix = line, fix


def read(text: str) -> Read:
    """Reads a profile file; whether its settings can be is judged elsewhere."""
    try:
        found = _settings(text)
    except _OddFileError as odd:
        return _refused(str(odd), odd.line, odd.fix)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        return _refused(fault.problem or "it is no YAML", mark.line + 1 if mark else 1)
    except yaml.reader.ReaderError as fault:
        return _refused("it has a character that YAML does not take", text.count("\n", 0, fault.position) + 1)
    return Read({name: value for name, (value, _) in found.items()}, lines={n: line for n, (_, line) in found.items()})


def _refused(what: str, line: int, fix: str = "Correct the file, or export it anew.") -> Read:
    message = f"The profile file cannot be read, line {line}: {what}."
    return Read({}, (error("profile_file_odd", message, fix=fix, where=f"line {line}"),))


def _settings(text: str) -> dict[str, tuple[str, int]]:
    """The settings by their names, each with its value and its line; those without a value are not set."""
    if len(text) > LARGEST:
        raise _OddFileError(f"it has more than {LARGEST:,} characters", 1)
    names = _Names()
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        names.take(event)
    version, line = names.found.pop(VERSION_KEY, ("", 1))
    if version != VERSION:
        what = f"it is of version {version!r}" if version else f"it does not say {VERSION_KEY}: {VERSION}"
        raise _OddFileError(what, line, "Take a file that `contrapost profile export` wrote, with a Contrapost as new.")
    return {name: pair for name, pair in names.found.items() if pair[0].strip()}


class _Names:
    """Takes the events of a file one by one, and keeps each name with its value."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, int]] = {}
        self._path: list[str] = []
        """The names that the present one stands below."""
        self._depth = 0
        self._name: str | None = None
        """The name that waits for its value, or for the names below it."""
        self._ended = False

    def take(self, event: yaml.Event) -> None:
        """Takes the next event."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.NodeEvent):
            self._check(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            self._begin(line)
        elif isinstance(event, yaml.MappingEndEvent):
            self._end()
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event.value, line)

    def _check(self, event: yaml.NodeEvent, line: int) -> None:
        if self._ended:
            raise _OddFileError("it holds more than one document", line)
        if isinstance(event, yaml.AliasEvent) or event.anchor or getattr(event, "tag", None) not in (None, "!"):
            raise _OddFileError("tags, anchors and aliases are not read", line)
        if isinstance(event, yaml.SequenceStartEvent):
            raise _OddFileError("lists are not read: each setting has a name and one value", line)

    def _begin(self, line: int) -> None:
        if self._depth and self._name is None:
            raise _OddFileError("a name is no text", line)
        if self._depth > _DEEPEST:
            raise _OddFileError("names stand too deep below names", line)
        self._depth += 1
        if self._name is not None:
            self._path.append(self._name)
        self._name = None

    def _end(self) -> None:
        self._depth -= 1
        self._ended = not self._depth
        if self._path:
            self._path.pop()

    def _scalar(self, text: str, line: int) -> None:
        if not self._depth:
            raise _OddFileError("it holds no names with values", line)
        if self._name is None:
            self._name = text
            return
        name = ".".join((*self._path, self._name))
        if name in self.found:
            raise _OddFileError(f"{name} stands there twice, first in line {self.found[name][1]}", line)
        self.found[name] = (text, line)
        self._name = None
