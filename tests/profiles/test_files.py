"""A profile as a file: written for people, read back exactly, and odd files told by their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost.mapping.profile import SETTINGS, is_profile_setting
from contrapost.profiles.reading import LARGEST, read
from contrapost.profiles.writing import write

HEAD = "contrapost_profile: 1\n"
PROFILE = {
    "order.field": "custbody_order",
    "order.filter.subsidiary": "2",
    "cash_account.paypal/EUR": "1090",
    "item.rounding": "ROUND",
    "sku.A.B: C": "no",
    "restock": "never",
    "field.cashRefund.custbody_channel": 'translate tender.gateway: paypal -> 3, "a: b" -> "é", otherwise 4',
    "field.cashRefund.item.custcol_reason": "copy line.restock",
}

TEXT = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
FAMILIES = [one.name.removesuffix("*") for one in SETTINGS if one.name.endswith("*") and one.name != "field.*"]
FIELDS = st.tuples(st.sampled_from(["cashRefund", "creditMemo.item"]), TEXT).map(lambda two: f"field.{two[0]}.{two[1]}")
NAMES = st.one_of(
    st.sampled_from([one.name for one in SETTINGS if not one.name.endswith("*")]),
    st.tuples(st.sampled_from(FAMILIES), TEXT).map("".join),
    FIELDS,
)


@given(st.dictionaries(NAMES, TEXT, max_size=12))
def test_a_profile_comes_back_exactly(profile: dict[str, str]) -> None:
    """Whatever a profile holds, its file gives the same settings back, letter by letter, and the same file again."""
    file = write(profile)
    again = read(file)

    assert again.findings == ()
    assert again.profile == profile
    assert write(again.profile) == file


def test_a_file_is_for_people() -> None:
    """Settings stand in one order, each below its help; what is not set stands there as a comment with its default."""
    file = write(dict(reversed(PROFILE.items())))

    assert file == write(PROFILE)
    assert "  # What stands in that field: text with {order_name}" in file
    assert "# period: next_open" in file
    assert "cash_account:\n  paypal/EUR: '1090'\n" in file
    assert (
        "field:\n  cashRefund:\n"
        '    custbody_channel: \'translate tender.gateway: paypal -> 3, "a: b" -> "é", otherwise 4\'\n'
        "    item.custcol_reason: copy line.restock\n"
    ) in file


def test_every_default_can_be_taken_as_it_stands() -> None:
    """A default that is uncommented as it stands in the file is the setting of that name."""
    lines = write({}).splitlines()
    names = {one.name: one.default for one in SETTINGS if one.default}
    uncommented = [line.removeprefix("# ") for line in lines if line.removeprefix("# ").split(":")[0] in names]

    assert read(HEAD + "\n".join(uncommented)).profile == names


def test_values_are_the_text_that_stands_there() -> None:
    """What YAML would take for numbers, dates or truth stays text; names may stand within names or with dots."""
    file = (
        HEAD + "rounding_tolerance: 0.050\nsku: {a: no, b: 2026-03-01, c: 0x1F}\norder.filter.subsidiary: 07\nitem:\n"
    )

    assert read(file).profile == {
        "rounding_tolerance": "0.050",
        "sku.a": "no",
        "sku.b": "2026-03-01",
        "sku.c": "0x1F",
        "order.filter.subsidiary": "07",
    }


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("", 1, "it does not say contrapost_profile: 1"),
        ("restock: never\n", 1, "it does not say contrapost_profile: 1"),
        ("contrapost_profile: 2\n", 1, "it is of version '2'"),
        (HEAD + "restock: never\nrestock: as_store\n", 3, "restock stands there twice, first in line 2"),
        (HEAD + "sku:\n  a: b\nsku.a: c\n", 4, "sku.a stands there twice, first in line 3"),
        (HEAD + "restock: [never]\n", 2, "lists are not read"),
        (HEAD + "- restock\n", 2, ""),
        ("just a text\n", 1, "it holds no names with values"),
        (HEAD + "a: &x b\nc: *x\n", 2, "tags, anchors and aliases are not read"),
        (HEAD + "a: !!python/object:os.system b\n", 2, "tags, anchors and aliases are not read"),
        (HEAD + "? {a: b}\n: c\n", 2, "a name is no text"),
        (HEAD + "---\nrestock: never\n", 3, "it holds more than one document"),
        (HEAD + "a: 'open\n", 3, ""),
        (HEAD + "\ta: b\n", 2, ""),
        (HEAD + "a: b\nb: \x00\n", 3, "a character that YAML does not take"),
        (HEAD + "a:" + " {a:" * 5_000, 2, "names stand too deep"),
        (HEAD + "#" * LARGEST, 1, "more than"),
    ],
)
def test_an_odd_file_is_told_by_its_line(file: str, line: int, says: str) -> None:
    """A file that cannot be read gives one finding with the line and the fault, and no settings at all."""
    came_to = read(file)

    assert came_to.profile == {}
    [finding] = came_to.findings
    assert (finding.code, finding.where) == ("profile_file_odd", f"line {line}")
    assert says in finding.message
    assert finding.fix


@given(st.text())
def test_no_file_is_too_odd_to_be_answered(text: str) -> None:
    """Whatever a file holds is read, or told in a finding; never a fault."""
    for file in (text, HEAD + text):
        came_to = read(file)
        assert not (came_to.findings and came_to.profile)


def test_every_setting_of_a_profile_is_written() -> None:
    """No setting that a profile may hold is left out of its file."""
    profile = {one.name.replace("*", "cashRefund.memo"): "x" for one in SETTINGS}

    assert all(map(is_profile_setting, profile))
    assert read(write(profile)).profile == profile
