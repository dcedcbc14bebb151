"""The operations that are left out of a record type, each with its reason, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.kinds import Kind

Operation = Literal["create", "change", "delete"]

NOT_SERVED: dict[tuple[str, Operation], str] = {
    ("accountingPeriod", "create"): "periods are there from the start",
    ("accountingPeriod", "delete"): "periods are there from the start",
    ("inventoryNumber", "create"): "it comes with the first receipt that names it",
    ("inventoryNumber", "delete"): "it comes with the first receipt that names it",
    ("giftCertificate", "create"): "it comes with the sale of its item",
    ("giftCertificate", "delete"): "it goes with the sale of its item",
    ("inventoryAdjustment", "change"): "delete it and make another",
    ("deposit", "change"): "delete it and make another",
    ("itemReceipt", "create"): "it is made from a return authorization",
    ("depositApplication", "create"): "it is made from a customer deposit",
    ("journalEntry", "create"): "voids make it",
    ("journalEntry", "change"): "voids make it",
    ("fxReval", "create"): "NetSuite makes it itself",
    ("fxReval", "change"): "NetSuite makes it itself",
    ("fxReval", "delete"): "it goes with the document whose rate it makes good",
}


def check_served(kind: Kind, operation: Operation) -> None:
    """Refuse an operation that is left out of a record type."""
    reason = NOT_SERVED.get((kind.name, operation))
    if reason is not None:
        raise Refused("not emulated", what=f"{operation} of {kind.name}: {reason}")
