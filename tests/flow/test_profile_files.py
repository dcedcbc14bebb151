"""Profiles as files on the command line: exported, compared, and imported as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from world import World

RULE = "field.cashRefund.custbody_order"


def _profile(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.json("accounts", "show", "shop")["profile"]
    return found


def test_what_was_tested_goes_live(world: World, tmp_path: Path) -> None:
    """A file exported from one state brings another back to it exactly, after a difference that can be read."""
    world.define(RULE.rpartition(".")[2])
    world.contrapost("accounts", "set", "shop", f"--set={RULE}=copy order.name", "--set=restock=never")
    tested, file = _profile(world), tmp_path / "shop.yaml"
    exported = world.contrapost("profile", "export", "shop", "--to", str(file))
    printed = world.contrapost("profile", "export", "shop")
    world.contrapost("accounts", "set", "shop", f"--set={RULE}=copy order.id", "--set=restock=", "--set=item.tip=ROUND")
    live = _profile(world)

    shown = world.contrapost("profile", "import", "shop", str(file))
    untouched = _profile(world)
    done = world.json("profile", "import", "shop", str(file), "--yes")
    again = world.json("profile", "diff", "shop", str(file))

    assert exported.code == 0
    assert printed.out == file.read_text()
    assert shown.code == 1
    assert f"- {RULE}=copy order.id\n+ {RULE}=copy order.name\n- item.tip=ROUND\n+ restock=never\n" in shown.out
    assert "Add --yes to import it." in shown.out
    assert untouched == live
    assert done["applied"] is True
    assert done["changes"] == [
        {"setting": RULE, "before": "copy order.id", "after": "copy order.name"},
        {"setting": "item.tip", "before": "ROUND", "after": None},
        {"setting": "restock", "before": None, "after": "never"},
    ]
    assert _profile(world) == tested
    assert again["changes"] == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("restock: sometimes", "Line {last}: The setting restock cannot be 'sometimes'."),
        ("colour: blue", "Line {last}: There is no setting 'colour'."),
        ("field.cashRefund.custbody_x: copy order.nme", "did you mean order.name?"),
        ("cash_account.stripe: '9999'", "which NetSuite does not have"),
        ("item: [ROUND]", "line {last}: lists are not read"),
        ("restock: never\nrestock: never", "stands there twice"),
    ],
)
def test_a_file_with_anything_wrong_changes_nothing(world: World, tmp_path: Path, line: str, says: str) -> None:
    """One wrong line keeps the whole file out, with its number and what to do."""
    before, file = _profile(world), tmp_path / "shop.yaml"
    text = "contrapost_profile: 1\ncash_account.paypal: '1091'\nperiod: hold\n" + line + "\n"
    file.write_text(text)
    said = world.contrapost("profile", "import", "shop", str(file), "--yes")

    assert said.code == 1
    assert says.format(last=4) in said.out
    assert "Nothing was changed" in said.out
    assert _profile(world) == before


def test_no_secret_is_in_a_file(world: World) -> None:
    """Neither the shop's secrets nor NetSuite's key is exported, nor anything of the connection."""
    said = world.contrapost("profile", "export", "shop").out

    for value in (*world.shop.credentials().values(), *world.books.credentials().values()):
        assert value.splitlines()[-1] not in said


def test_netsuite_that_is_away_is_said(world: World, tmp_path: Path) -> None:
    """While NetSuite cannot be asked, a file is imported with a warning that names could not be looked for."""
    file = tmp_path / "shop.yaml"
    file.write_text("contrapost_profile: 1\nrestock: never\n")
    world.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": "503"}])
    said = world.json("profile", "import", "shop", str(file), "--yes")
    world.books.ask("DELETE", "faults")

    assert [(one["code"], one["severity"]) for one in said["findings"]] == [("profile_not_compared", "warning")]
    assert _profile(world) == {"restock": "never"}


def test_wrong_calls(world: World, tmp_path: Path) -> None:
    """A file that is not there or no text is a wrong call; an account that is not there is said."""
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")

    assert world.contrapost("profile", "diff", "shop", str(tmp_path / "none.yaml")).code == 2
    assert world.contrapost("profile", "diff", "shop", str(tmp_path / "odd.yaml")).code == 2
    assert world.contrapost("profile", "export", "nobody").code == 1
    assert world.contrapost("profile", "diff", "shop", "-", stdin="contrapost_profile: 1\n").code == 1
