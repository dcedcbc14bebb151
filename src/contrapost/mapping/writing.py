"""What every record of one refund is written from: who it is, its day, and the fields they all have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contrapost.mapping.policies import RatePolicy
from contrapost.netsuite.drafts import SHORT_NAMES, RecordType
from contrapost.refunds.identity import external_id

if TYPE_CHECKING:
    from decimal import Decimal

    from contrapost.mapping.period import BookingDay
    from contrapost.mapping.terms import Terms
    from contrapost.refunds.document import Refund

_WITHOUT_PERIOD = frozenset({RecordType.RETURN_AUTHORIZATION})
"""Records that post nothing have no posting period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One refund, or the part of it that one bill or order takes, about to be written."""

    refund: Refund
    terms: Terms
    day: BookingDay
    on: str
    """What makes the external ids of this part its own: the internal id of its bill or order."""

    def id(self, record: RecordType, apart: str = "") -> str:
        """Gives the external id of a record; `apart` tells records of one kind on one bill by their cash account."""
        on = f"{self.on}-{apart}" if apart else self.on
        shop, revision = self.terms.shop, self.terms.revision
        return external_id(shop, self.refund.store_refund_id, SHORT_NAMES[record], on, revision=revision)

    def head(self, record: RecordType, apart: str = "") -> dict[str, Any]:
        """Gives the fields that every record has."""
        memo = f"Refund {self.refund.store_refund_id} of order {self.refund.order_name}"
        period = {} if record in _WITHOUT_PERIOD else {"postingPeriod": {"id": self.day.period_id}}
        return {
            "externalId": self.id(record, apart),
            "tranDate": self.day.day.isoformat(),
            **period,
            "memo": f"{memo}, refunded {self.refund.refunded_on}" if self.day.moved else memo,
        }

    def payout_rate(self, booked_at: Decimal, currency_id: str, subsidiary: str) -> tuple[Decimal, str]:
        """Gives the rate money is paid out at, and why: the day's, or the one the receivable was booked at."""
        if booked_at == 1 or self.terms.profile.rate is RatePolicy.BILL:
            return booked_at, "the rate the receivable was booked at"
        rate = self.terms.lists.rate_on(self.day.day, currency_id, subsidiary)
        if rate is None:
            return booked_at, "NetSuite's rate of the day is not known here, so the one the receivable was booked at"
        return rate, f"NetSuite's rate of {self.day.day}"
