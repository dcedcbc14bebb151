"""Records as they stand in NetSuite, read from its answers. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contrapost.netsuite.answers import Standing
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contrapost.netsuite.drafts import Draft

VOIDED_STATUS = "V"
"""NetSuite's status letter of a voided transaction."""


def read_standing(said: Mapping[str, Any], draft: Draft) -> Standing:
    """Reads a record from the answer of the REST record API; its ledger is not in there."""
    created_from = said.get("createdFrom") or {}
    status = said.get("status") or {}
    return Standing(
        record=draft.record,
        id=str(said["id"]),
        tranid=str(said.get("tranId", "")),
        external_id=str(said.get("externalId", "")),
        total=abs(Money(Decimal(str(said.get("total", "0"))), draft.total.currency)),
        voided=isinstance(status, dict) and status.get("id") == VOIDED_STATUS,
        created_from=str(created_from.get("id", "")),
    )


def removed(draft: Draft) -> Standing:
    """Gives what a deletion came to that was carried out: the record's id stands for it."""
    return Standing(
        record=draft.record,
        id=draft.takes_back,
        tranid="",
        external_id=draft.external_id,
        total=draft.total,
        voided=False,
        created_from="",
    )


def is_changed(said: Mapping[str, Any], draft: Draft) -> bool:
    """Says whether the lines of a sales order are closed that the draft is to close."""
    lines = (said.get("item") or {}).get("items") or []
    closed = {line.get("line") for line in lines if line.get("isClosed") is True}
    return closed >= {line["line"] for line in draft.body["item"]["items"]}


def standings_in(rows: Iterable[Mapping[str, str]]) -> dict[str, Standing]:
    """Reads records from the rows of `standing.sql`, by internal id."""
    grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["id"]].append(row)
    return {id_: _standing(found) for id_, found in grouped.items()}


def _standing(rows: list[Mapping[str, str]]) -> Standing:
    head = rows[0]
    booked = [row for row in rows if "account" in row and "amount" in row]
    return Standing(
        record=head["recordtype"],
        id=head["id"],
        tranid=head.get("tranid", ""),
        external_id=head.get("externalid", ""),
        total=abs(Money(Decimal(head.get("foreigntotal", "0")), head.get("currency", ""))),
        voided=head.get("voided") == "T",
        created_from=next((row["createdfrom"] for row in rows if row.get("createdfrom")), ""),
        ledger=_net(booked),
        cost=_net([row for row in booked if row.get("iscogs") == "T"]),
        day=date.fromisoformat(head["trandate"]) if "trandate" in head else None,
    )


def _net(rows: Iterable[Mapping[str, str]]) -> tuple[tuple[str, Decimal], ...]:
    net: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        net[row["account"]] += Decimal(row["amount"])
    return tuple(sorted((account, amount) for account, amount in net.items() if amount))
