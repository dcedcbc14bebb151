"""The verbs of adopting and correcting, called as a script calls them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from contrapost.cli import adopt, check, correct, listing

if TYPE_CHECKING:
    import click
    import pytest
    from one_process import Trade


def call(command: click.Command, *arguments: str, code: int = 0) -> Any:
    """Calls a verb for JSON and expects this exit code."""
    came = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False)
    assert (came.exception is None or isinstance(came.exception, SystemExit)) or code, came.exception
    assert (came.return_value or came.exit_code or 0) == code, came.output
    return json.loads(came.stdout)


def test_adopt_shows_and_links(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a record it shows the candidates, with one it links; nothing to show exits with 1."""
    monkeypatch.setattr("contrapost.cli.adopt.opened", lambda: trade.app)
    sale = trade.sell(3001)
    id_ = str(trade.retrieve(3001).id)

    nothing = call(adopt.command, id_, code=1)
    lines = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 100}]}}
    made = trade.by_hand("cashSale", sale, "cashRefund", lines)
    (found,) = call(adopt.command, id_)["candidates"]
    done = call(adopt.command, id_, "--record", f"cashRefund:{made}", "--seen", found["fingerprint"])

    assert nothing["finding"]["code"] == "nothing_to_adopt"
    assert found["fit"] == "whole"
    assert [one["id"] for one in done["refunds"][0]["netsuite"]] == [made]


def test_check_names_what_changed_and_exits_with_1(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """All as posted is 0; a void is named once, and stays 1 while it is there; the list finds it."""
    for verb in ("check", "listing"):
        monkeypatch.setattr(f"contrapost.cli.{verb}.opened", lambda: trade.app)
    row = trade.posted(3001)

    fine = call(check.command, "shop")
    trade.books.ask("POST", "void", {"type": "cashRefund", "id": row.links[0].netsuite_id})
    news = call(check.command, "shop", "--since", "2026-01-01", code=1)
    known = call(check.command, "shop", code=1)
    listed = call(listing.command, "--changed")

    assert (fine["records"], fine["refunds"], known["refunds"]) == (1, [], [])
    (changed,) = news["refunds"][0]["changed"]
    assert (changed["side"], changed["code"], changed["record_id"]) == (
        "netsuite",
        "voided_in_netsuite",
        row.links[0].netsuite_id,
    )
    assert [one["id"] for one in listed["refunds"]] == [row.id]


def test_correct_shows_and_carries_out(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows what is taken back and booked anew; the fingerprint that was shown carries it out, another does not."""
    monkeypatch.setattr("contrapost.cli.correct.opened", lambda: trade.app)
    row = trade.posted(3001)
    trade.refunded(3001, amount="60.00")
    trade.retrieve(3001)
    id_ = str(row.id)

    shown = call(correct.command, id_, "--way", "delete")
    other = CliRunner().invoke(correct.command, [id_, "--accept", shown["fingerprint"]])
    done = call(correct.command, id_, "--way", "delete", "--accept", shown["fingerprint"])

    assert [(one["type"], one["deletes"]) for one in shown["records"]] == [("cashRefund", True), ("cashRefund", False)]
    assert "changed since you looked" in str(other.exception)
    assert [one["taken_back"] for one in done["refunds"][0]["netsuite"]] == ["deleted", None]
