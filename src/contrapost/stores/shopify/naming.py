"""Finds orders by what a person sees of them: `#1001`, `1001`, the long number, or Shopify's global id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contrapost.stores.shopify.payload import Part

from contrapost.stores.shopify.payload import number_of, text

_GLOBAL = re.compile(r"gid://shopify/Order/(\d+)")
_MOST_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order as it was asked for."""

    asked: str

    @property
    def number(self) -> str:
        """The order's long number, where what was asked can be one."""
        found = _GLOBAL.fullmatch(self.asked)
        digits = found[1] if found else self.asked
        return digits if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else ""

    @property
    def name(self) -> str:
        """The order's name, where what was asked can be one."""
        return "" if _GLOBAL.fullmatch(self.asked) else self.asked

    def search(self, affixes: tuple[str, str] = ("", "")) -> str:
        """Writes the search for this order; with the shop's prefix and suffix, for its whole name."""
        terms = [f"name:{_quoted(affixes[0] + self.name + affixes[1])}"] if self.name else []
        terms += [f"id:{int(self.number)}"] if self.number and not any(affixes) else []
        return " OR ".join(terms)


def wanted(names: Iterable[str]) -> tuple[Wanted, ...]:
    """Reads what was asked for, each once, blanks left out."""
    return tuple(Wanted(asked) for asked in dict.fromkeys(name.strip() for name in names) if asked)


def search_for(asked: Sequence[Wanted], affixes: tuple[str, str] = ("", "")) -> str:
    """Writes one search for all of them."""
    return " OR ".join(term for each in asked if (term := each.search(affixes)))


def chosen(one: Wanted, orders: Sequence[Part], affixes: tuple[str, str] = ("", "")) -> list[Part]:
    """Gives the orders that are meant: by the whole name, else the name without signs, else the long number."""
    ways: Mapping[int, list[Part]] = {
        0: [order for order in orders if one.name and text(order, "name").casefold() == one.name.casefold()],
        1: [order for order in orders if one.name and _core(text(order, "name")) == _core(one.name)],
        2: [order for order in orders if one.name and text(order, "name") == affixes[0] + one.name + affixes[1]],
        3: [order for order in orders if one.number and number_of(order) == str(int(one.number))],
    }
    return next((found for found in ways.values() if found), [])


def _core(name: str) -> str:
    """A name without the signs around it: prefix and suffix may have changed since the order was made."""
    return re.sub(r"^\W+|\W+$", "", name).casefold()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
