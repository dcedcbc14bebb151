"""The service under /services/rest/system/v1: the account's limits, and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.answers import Answer, shown
from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.account import Account


def answer_system(account: Account, name: str) -> Answer:
    """Answer one operation, which takes no arguments."""
    if name == "governanceLimits":
        return shown(account.governance.terms.document())
    if name == "serverTime":
        moment = account.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return shown({"serverTime": moment})
    raise Refused("no such page", path=f"system/v1/{name}")
