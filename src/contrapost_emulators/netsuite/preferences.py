"""The settings of the account and of the calling role that the control plane can change."""

from __future__ import annotations

from dataclasses import dataclass, fields

from contrapost_emulators.netsuite.errors import Refused


@dataclass
class Preferences:
    """The account-wide settings."""

    date_outside_period: str = "Disallow"
    closed_period_default: str = "First Open"
    default_return_authorization_status: str = "Pending Approval"
    void_transactions_using_reversing_journals: bool = False
    make_locations_mandatory: bool = False
    make_departments_mandatory: bool = False
    make_classes_mandatory: bool = False
    date_format: str = "M/D/YYYY"
    payment_field: str = "paymentOption"
    refund_in_advance_of_return: bool = False
    advanced_shipping: bool = False  # True: what is billed from a sales order leaves stock by item fulfillment alone


@dataclass
class Permissions:
    """What the calling role may do beyond reading and writing records."""

    override_period_restrictions: bool = False


ENTRIES = {
    "date_outside_period": ("Disallow", "Warn", "Allow"),
    "date_format": ("M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY", "YYYY-MM-DD"),
    "payment_field": ("paymentOption", "paymentMethod"),
    "closed_period_default": ("First Open", "Current"),
    "default_return_authorization_status": ("Pending Approval", "Pending Receipt"),
}


def change(settings: Preferences | Permissions, body: object) -> None:
    """Set what a request names, all of it or nothing."""
    known = {one.name for one in fields(settings)}
    if not isinstance(body, dict) or not body.keys() <= known:
        raise Refused("bad request", why=f"there is: {', '.join(sorted(known))}")
    for name, value in body.items():
        _check(name, value)
    for name, value in body.items():
        setattr(settings, name, value)


def _check(name: str, value: object) -> None:
    entries = ENTRIES.get(name, (True, False))
    if not any(value is entry or (isinstance(value, str) and value == entry) for entry in entries):
        raise Refused("bad request", why=f"{name} is one of: {', '.join(map(str, entries))}")
