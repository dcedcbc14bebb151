"""Who may do what: one table, asked by every door. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is here."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    DEVELOPER = "developer"
    READER = "reader"


class Action(StrEnum):
    """What can be done through a door."""

    SEE = "see"
    """Look at refunds, previews, attempts and history."""
    RETRIEVE = "retrieve"
    POST = "post"
    CANCEL = "cancel"
    """Cancel and restore."""
    ACCEPT = "accept"
    """Let a refund give more than its bill still holds."""
    ADOPT = "adopt"
    """Link records made by hand to a refund, or say that it is booked elsewhere; and take that back."""
    RECONCILE = "reconcile"
    """Compare a store with NetSuite; what came of it may be looked at by whoever may see refunds."""
    CORRECT = "correct"
    """Correct what changed after posting, or let it stand."""
    DELETE = "delete"
    SEE_RAW = "see_raw"
    """Look at what store and NetSuite sent, as they sent it."""
    SEE_SETTINGS = "see_settings"
    CHANGE_SETTINGS = "change_settings"
    """Set up accounts and decide the mapping."""
    GO_LIVE = "go_live"
    """Sign an account off, and turn on or off what goes by itself."""
    USE_API = "use_api"
    """Make tokens of one's own for the API; a token may do what its person may do."""
    MANAGE_PEOPLE = "manage_people"


ROLE_LABELS: Final = {
    Role.ADMINISTRATOR: "Administrator",
    Role.MANAGER: "eCommerce manager",
    Role.DEVELOPER: "Developer",
    Role.READER: "Read-only",
}
"""What people read for each role."""

_MAY: Final[dict[Role, frozenset[Action]]] = {
    Role.ADMINISTRATOR: frozenset(Action),
    Role.MANAGER: frozenset(
        {
            Action.SEE,
            Action.RETRIEVE,
            Action.POST,
            Action.CANCEL,
            Action.ADOPT,
            Action.CORRECT,
            Action.RECONCILE,
            Action.DELETE,
            Action.SEE_SETTINGS,
        }
    ),
    Role.DEVELOPER: frozenset(
        {
            Action.SEE,
            Action.RETRIEVE,
            Action.POST,
            Action.CANCEL,
            Action.RECONCILE,
            Action.SEE_RAW,
            Action.SEE_SETTINGS,
            Action.USE_API,
        }
    ),
    Role.READER: frozenset({Action.SEE}),
}


def may(role: Role, action: Action) -> bool:
    """Says whether a person of this role may do this."""
    return action in _MAY[role]
