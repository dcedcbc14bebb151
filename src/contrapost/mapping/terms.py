"""What a plan is made from beside the refund and its order: the account's profile, NetSuite's lists, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.lists import Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms that an account's refunds are booked on."""

    profile: Profile
    lists: Lists
    shop: str
    """What makes the shop the same for ever: part of the external ids."""
    today: date | None = None
    """The day of posting; None where the profile does not book on it."""
    revision: int = 1
    """Above 1 for a plan made anew after an earlier one of which nothing stands."""
    rounded_before: Decimal = Decimal(0)
    """What was booked on the rounding item for this account in this month, without regard to its sign."""
    accepted: Decimal = Decimal(0)
    """What a person accepted to give above what the bill still holds."""

    @property
    def tolerance(self) -> Decimal:
        """The most that may be rounded on one refund: the profile's tolerance, within what the month's cap leaves."""
        return max(min(self.profile.rounding_tolerance, self.profile.rounding_cap - self.rounded_before), Decimal(0))

    @property
    def goodwill(self) -> Decimal:
        """The most a refund may give above what its bill still holds."""
        return max(self.profile.goodwill, self.accepted)
