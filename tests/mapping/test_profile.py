"""A profile is read from settings, and what cannot be is said."""

from __future__ import annotations

import pytest

from contrapost.mapping.policies import PeriodPolicy, RestockPolicy
from contrapost.mapping.profile import read_profile


def test_a_profile_is_what_its_settings_say() -> None:
    """Every setting finds its place, and what is not said has its default."""
    profile, findings = read_profile(
        {
            "cash_account.paypal/EUR": "1091",
            "item.rounding": "ROUND",
            "restock": "never",
            "order.filter.subsidiary": "2",
        }
    )

    assert findings == ()
    assert profile.cash_account("PayPal", "EUR", "1") == "1091"
    assert profile.cash_account("paypal", "USD", "1") is None
    assert (profile.restock, profile.period) == (RestockPolicy.NEVER, PeriodPolicy.NEXT_OPEN)
    assert profile.order_filter == {"subsidiary": "2"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("restock", "sometimes"),
        ("period", ""),
        ("rounding_tolerance", "-1"),
        ("rounding_tolerance", "NaN"),
        ("order.field", "1=1; --"),
        ("order.pattern", "{password}"),
        ("order.pattern", "always the same"),
        ("order.filter.x = 1 OR 1", "1"),
        ("nonsense", "1"),
    ],
)
def test_what_cannot_be_is_a_finding(name: str, value: str) -> None:
    """A value that cannot be is an error that names the setting, and nothing of it reaches a question to NetSuite."""
    _, findings = read_profile({name: value})

    assert [finding.severity.value for finding in findings] == ["error"]
    assert name in findings[0].where
    assert findings[0].fix
