"""Identity: one external id for one record of one refund, and never for another."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contrapost.refunds.identity import external_id

TRICKY = st.text(alphabet=st.sampled_from("aAzZ09-_ r2#/é5f"), min_size=1, max_size=8)
PARTS = st.tuples(
    TRICKY, TRICKY, st.sampled_from(["cr", "cm", "rf"]), st.one_of(st.just(""), TRICKY), st.integers(1, 3)
)
Parts = tuple[str, str, str, str, int]


def _id(parts: Parts) -> str:
    return external_id(*parts[:4], revision=parts[4])


def test_readable_where_everything_is_plain() -> None:
    """Plain names stay readable, so that a person can look the record up."""
    assert external_id("myshop", "9002", "cr", "512") == "cp-myshop-9002-cr-512"
    assert external_id("myshop", "9002", "cr", "512", revision=2) == "cp-myshop-9002-cr-512__r2"
    assert external_id("my-shop", "9002", "cr", "512") == "cp-my_shop-9002-cr-512"


@given(PARTS, PARTS)
def test_two_refunds_never_share_an_external_id(one: Parts, other: Parts) -> None:
    """Different shop, refund, record, bill or revision: another id, even for NetSuite, which ignores case."""
    assume(one != other)
    assert _id(one).lower() != _id(other).lower()


@given(PARTS)
def test_only_characters_that_netsuite_takes(parts: Parts) -> None:
    """An external id has lower-case letters, digits, hyphen and underscore, and nothing else."""
    assert re.fullmatch(r"[a-z0-9_-]+", _id(parts))


@given(PARTS)
def test_same_refund_same_id(parts: Parts) -> None:
    """The id is made from what it is given alone: a second try finds the first."""
    assert _id(parts) == _id(parts)


@pytest.mark.parametrize("parts", [("", "9002", "cr"), ("myshop", "", "cr"), ("myshop", "9002", "")])
def test_incomplete_identity_is_refused(parts: tuple[str, str, str]) -> None:
    """Without shop, refund and record there is no id: a shorter one could be another refund's."""
    with pytest.raises(ValueError, match="needs"):
        external_id(*parts)


def test_long_ids_are_digests_and_still_differ() -> None:
    """An id that would be too long for NetSuite's screens is a digest of all its parts."""
    one, other = (external_id("myshop", "9" * 120 + last, "cr") for last in "12")

    assert one != other
    assert len(one) <= 100
    assert re.fullmatch(r"[a-z0-9_-]+", one)
