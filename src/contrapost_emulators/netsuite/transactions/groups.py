"""Item groups: a group line, the lines of its members, and an end-of-group line that nobody can edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contrapost_emulators.netsuite.state import Record, State

GROUP, END = "Group", "EndGroup"
NO_ITEM = "0"
"""What an end-of-group line has in place of an item."""
KEYS = frozenset({"line", "orderLine"})
# What a group line hands to its members; it has no price of its own. A member without a price costs nothing.
INHERITED = ("location", "class", "department", "taxCode", "taxRate1", "isTaxable", "isClosed")
UNPRICED = ("amount", "rate", "price", "grossAmt", "taxCode", "taxRate1", "tax1Amt")


def is_frame(line: Fields) -> bool:
    """Whether a line begins or ends a group, rather than stand for goods."""
    return line.text("itemType") in {GROUP, END}


def goods(lines: Iterable[Fields]) -> list[Fields]:
    """The lines that stand for goods or amounts."""
    return [line for line in lines if not is_frame(line)]


def expand(state: State, lines: list[Fields]) -> list[Fields]:
    """Put the members and the end behind each group line that is new."""
    expanded: list[Fields] = []
    for line in lines:
        item = state.find("item", line.ref("item"))
        if item is None or item.kind.code != GROUP or is_frame(line):
            expanded.append(line)
        else:
            expanded += [_group_line(line), *_members(state, line, item), Fields(item=NO_ITEM, itemType=END)]
    return expanded


def _group_line(line: Fields) -> Fields:
    kept = Fields({name: value for name, value in line.items() if name not in UNPRICED})
    kept["itemType"] = GROUP
    kept.setdefault("quantity", Decimal(1))
    return kept


def _members(state: State, line: Fields, group: Record) -> Iterator[Fields]:
    for member in group.lines("member"):
        item = state.require("item", member.need("item"))
        if item.kind.code == GROUP:
            raise Refused("not emulated", what="item groups within item groups")
        times = line.number("quantity")
        quantity = (member.number("quantity") or Decimal(1)) * (Decimal(1) if times is None else times)
        inherited = {name: line[name] for name in INHERITED if name in line}
        yield Fields(item=item.id, quantity=quantity, rate=Decimal(0), _given=frozenset(), **inherited)


def allowed(line: Fields, change: Fields) -> Fields:
    """What of a change a line takes: the end of a group none, a group line no price, and no other item."""
    if not is_frame(line):
        return change
    other_item = change.get("item", line["item"]) != line["item"]
    if other_item or (line.text("itemType") == END and change.keys() - KEYS):
        raise Refused("end of group", "item")
    return Fields({name: value for name, value in change.items() if name not in UNPRICED})


def group_quantities(lines: list[Fields]) -> dict[int, Decimal]:
    """The quantity of each group line, by identity of the line."""
    return {id(line): line.amount("quantity") for line in lines if line.text("itemType") == GROUP}


def rescale(lines: list[Fields], named: list[Fields], before: dict[int, Decimal]) -> list[Fields]:
    """Let members that nobody named follow a changed quantity of their group; answers those that changed."""
    own_word = {id(line) for line in named}
    followers = []
    for group, members, _ in _groups(lines):
        old, new = before.get(id(group)), group.number("quantity")
        if old and new is not None and new != old:
            for member in members:
                if id(member) not in own_word:
                    member["quantity"] = member.amount("quantity") * new / old
                    followers.append(member)
    return followers


def kept(lines: list[Fields], named: list[Fields]) -> list[Fields]:
    """The lines a replacement leaves: those named; of a group that is named, all of it or the members named."""
    wanted = {id(line) for line in named}
    for group, members, end in _groups(lines):
        chosen = [line for line in members if id(line) in wanted]
        if id(group) in wanted:
            wanted |= {id(line) for line in (chosen or members)} | {id(end)}
        elif chosen or id(end) in wanted:  # without its group line the end of the group would have to go
            raise Refused("end of group", "item")
    return [line for line in lines if id(line) in wanted]


def without_empty(lines: list[Fields]) -> list[Fields]:
    """The lines without the groups that hold nothing."""
    empty = {id(frame) for group, members, end in _groups(lines) if not members for frame in (group, end)}
    return [line for line in lines if id(line) not in empty]


def _groups(lines: list[Fields]) -> Iterator[tuple[Fields, list[Fields], Fields]]:
    """Each group: its line, its members, its end."""
    group, members = None, list[Fields]()
    for line in lines:
        if line.text("itemType") == GROUP:
            group, members = line, []
        elif line.text("itemType") == END and group is not None:
            yield group, members, line
            group = None
        elif group is not None:
            members.append(line)
