"""A transaction on its way to being saved: new, edited or transformed from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.bodies import Submission
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.groups import allowed, expand, group_quantities, kept, rescale

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.kinds import Kind
    from contrapost_emulators.netsuite.state import Record, State

# A change to one of these leaves the line's amount, and with it its tax, to be worked out anew.
REPRICING = frozenset({"item", "quantity", "rate", "price", "amount", "grossAmt", "taxCode", "taxRate1"})


@dataclass
class Draft:
    """The values and lines as they stand, where they came from, and how amounts are rounded."""

    state: State
    kind: Kind
    id: str
    fields: Fields = field(default_factory=Fields)
    sublists: dict[str, list[Fields]] = field(default_factory=dict)
    source: Record | None = None
    before: Record | None = None
    given: Submission = field(default_factory=Submission)
    places: int = 2
    base_places: int = 2

    def lines(self, sublist: str) -> list[Fields]:
        """The lines of a sublist, to be changed in place."""
        return self.sublists.setdefault(sublist, [])

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount at the precision of the transaction's currency."""
        return round_to(amount, self.places)

    def in_base(self, amount: Decimal) -> Decimal:
        """An amount in the subsidiary's base currency."""
        return round_to(amount * self.fields.amount("exchangeRate"), self.base_places)

    def default(self, name: str, value: object) -> None:
        """Set a field that is empty."""
        if self.fields.get(name) is None and value is not None:
            self.fields[name] = value


def round_to(amount: Decimal, places: int) -> Decimal:
    """An amount at a number of decimals, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def take_in(draft: Draft, submission: Submission) -> None:
    """Lay a request over the draft: fields first, then each sublist by its own key rule."""
    draft.given = submission
    overlay(draft.fields, submission.fields)
    for sublist in submission.replace - submission.sublists.keys():
        draft.sublists[sublist] = []
    for sublist, lines in submission.sublists.items():
        merge(draft, sublist, lines, replace=sublist in submission.replace)
    if "item" in submission.sublists:
        draft.sublists["item"] = expand(draft.state, draft.lines("item"))


def overlay(onto: Fields, change: Fields) -> None:
    """Set what a request names; an explicit null clears."""
    for name, value in change.items():
        if value is None:
            onto.pop(name, None)
        else:
            onto[name] = value


def merge(draft: Draft, sublist: str, changes: list[Fields], *, replace: bool) -> None:
    """Match request lines with those there by key: a match is updated, the rest added, the unmentioned stay."""
    held = draft.lines(sublist)
    before = group_quantities(held)
    mentioned: list[Fields] = []
    for change in changes:
        line = _match(draft, sublist, held, change)
        if line is None:
            line = _added(sublist, change)
            held.append(line)
        else:
            _update(sublist, line, change)
        mentioned.append(line)
    for follower in rescale(held, mentioned, before):
        _forget_amounts(follower, Fields(quantity=None))
    if replace:
        draft.sublists[sublist] = kept(held, mentioned)


def _added(sublist: str, change: Fields) -> Fields:
    line = Fields({name: value for name, value in change.items() if value is not None})
    if sublist == "item":
        line.pop("orderLine", None)
        line.pop("line", None)
        line["_given"] = frozenset(line)
    return line


def _update(sublist: str, line: Fields, change: Fields) -> None:
    if sublist == "item":
        change = allowed(line, change)
        _forget_amounts(line, change)
        line["_given"] = frozenset(name for name, value in change.items() if value is not None)
    line.pop("_offered", None)
    number = line.get("line")
    overlay(line, change)
    if number is not None:
        line["line"] = number


def _forget_amounts(line: Fields, change: Fields) -> None:
    touched = REPRICING & change.keys()
    if touched:
        line.pop("tax1Amt", None)
        line.pop("grossAmt", None)
    if touched & {"item", "quantity", "rate", "price", "grossAmt"}:
        line.pop("amount", None)
    if "item" in change and change.get("item") != line.get("item"):
        line.pop("rate", None)
        line.pop("price", None)


Matcher = Callable[[Draft, Fields, Fields], bool]


def _same_item_line(draft: Draft, held: Fields, change: Fields) -> bool:
    if draft.kind.code == "ItemRcpt":  # its lines have the numbers of the return's lines
        return held.get("orderLine") == change.get("orderLine", change.get("line", -1))
    key = "line" if draft.before else "orderLine"
    return change.get(key) is not None and held.get(key) == change.get(key)


def _same_document(draft: Draft, held: Fields, change: Fields) -> bool:
    del draft
    same_line = change.get("line") in {None, held.get("line", 0)}
    return change.get("doc") is not None and held.get("doc") == change.get("doc") and same_line


def _same_book(draft: Draft, held: Fields, change: Fields) -> bool:
    del draft
    return held.get("accountingBook") == change.get("accountingBook", -1)


def _never(draft: Draft, held: Fields, change: Fields) -> bool:
    del draft, held, change
    return False


MATCHERS: dict[str, Matcher] = {
    "item": _same_item_line,
    "apply": _same_document,
    "deposit": _same_document,
    "accountingBookDetail": _same_book,
}


def _match(draft: Draft, sublist: str, held: list[Fields], change: Fields) -> Fields | None:
    matcher = MATCHERS.get(sublist, _never)
    return next((line for line in held if matcher(draft, line, change)), None)
