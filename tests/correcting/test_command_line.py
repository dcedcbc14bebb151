"""The verbs of adopting and correcting, called as a script calls them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from contrapost.cli import adopt

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
