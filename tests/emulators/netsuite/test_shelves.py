"""What an account holds is put back as it was when a write fails, also where it is packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost_emulators.netsuite import shelf
from contrapost_emulators.netsuite.shelf import PackedShelf, Shelf, UndoLog

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.stamp("chosen")
Held = tuple[str, int]
SHELVES: dict[str, Callable[[UndoLog], Shelf[str, Held]]] = {
    "plain": Shelf,
    "packed": lambda log: PackedShelf(log, lambda value: value[0]),
}
keys = st.sampled_from("abcdef")
values = st.tuples(st.sampled_from(["sale", "refund"]), st.integers(0, 9))
changes = st.lists(st.tuples(keys, values | st.none()), max_size=12)


class FailedError(Exception):
    """A write that did not come off."""


@pytest.mark.parametrize("make", SHELVES.values(), ids=SHELVES.keys())
@pytest.mark.parametrize("kept_as_objects", [0, 500])
@given(st.lists(st.tuples(changes, st.booleans()), max_size=6))
def test_a_shelf_is_a_mapping_that_forgets_failed_writes(
    make: Callable[[UndoLog], Shelf[str, Held]],
    kept_as_objects: int,
    writes: list[tuple[list[tuple[str, Held | None]], bool]],
) -> None:
    """Whatever is set and removed, a failed write leaves nothing behind, and a good one all of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "RECENT", kept_as_objects)
        log = UndoLog()
        held, model = make(log), dict[str, Held]()
        for write, fails in writes:
            before = dict(model)
            try:
                with log.all_or_nothing():
                    for key, value in write:
                        _change(held, model, key, value)
                    if fails:
                        raise FailedError  # noqa: TRY301 - the write fails here
            except FailedError:
                model = before
            assert dict(held.items()) == model
            assert {key: held.get(key) for key in "abcdef" if key in held} == model


def _change(held: Shelf[str, Held], model: dict[str, Held], key: str, value: Held | None) -> None:
    if value is None:
        held.remove(key)
        model.pop(key, None)
    else:
        held[key] = model[key] = value


def test_values_of_one_sort_are_found() -> None:
    """A packed shelf tells its values by sort without unpacking the others."""
    held = PackedShelf[str, Held](UndoLog(), lambda value: value[0])
    held["a"], held["b"], held["c"] = ("sale", 1), ("refund", 2), ("sale", 3)
    assert list(held.of_sort("sale")) == [("sale", 1), ("sale", 3)]
    assert list(held.of_sort("order")) == []


def test_ten_thousand_alike_take_little_room() -> None:
    """A value that differs little from the first of its sort takes few bytes."""
    held = PackedShelf[int, dict[str, object]](UndoLog(), lambda _: "sale")
    for number in range(10_000):
        held[number] = {"memo": f"Order #{number}", "lines": [{"item": 1, "quantity": number, "text": "x" * 50}] * 3}
    assert sum(len(packed) for packed in held._held.values()) < 10_000 * 80
