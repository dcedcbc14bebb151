"""Queries of one shape are read once, and answer as if each were read for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost_emulators.netsuite.clock import Clock
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import State
from contrapost_emulators.netsuite.suiteql import mirror
from contrapost_emulators.netsuite.suiteql.mirror import Mirror
from contrapost_emulators.netsuite.suiteql.service import run
from contrapost_emulators.netsuite.suiteql.shapes import Shape

pytestmark = pytest.mark.stamp("chosen")
MIRROR = Mirror(State(Clock()))
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x02"), max_size=12)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@given(st.lists(texts, min_size=1, max_size=5), texts)
def test_any_text_is_a_value(listed: list[str], wanted: str) -> None:
    """Quotes, question marks, colons and comments within a text change nothing."""
    query = f"SELECT {quoted(wanted)} AS t FROM dual WHERE {quoted(wanted)} IN ({', '.join(map(quoted, listed))})"
    bound = f"SELECT ? AS t FROM dual WHERE ? IN ({', '.join('?' for _ in listed)})"
    expected = [(wanted,)] if wanted in listed else []
    assert run(MIRROR, query, []).rows == expected
    assert run(MIRROR, bound, [wanted, wanted, *listed]).rows == expected


def test_values_that_vary_make_one_shape() -> None:
    """What is compared, listed in IN, or read by TO_DATE is lifted out."""
    query = (
        "SELECT id FROM t WHERE a = {0} AND b IN ('{0}', {0}) AND c >= TO_DATE('{0}', 'YYYY') FETCH FIRST 5 ROWS ONLY"
    )
    first, second = Shape(query.format(1), []), Shape(query.format(2), [])
    assert first.text == second.text
    assert list(second.values.values()) == [2, "2", 2, "2"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM account ORDER BY {}",
        "SELECT id FROM account WHERE ROWNUM <= {}",
        "SELECT id FROM account FETCH FIRST {} ROWS ONLY",
        "SELECT TO_CHAR(SYSDATE, '{}') FROM dual",
        'SELECT "a = {}" FROM dual',
        "SELECT id FROM account -- WHERE id = {}",
    ],
)
def test_numbers_that_belong_to_the_query_stay(query: str) -> None:
    """A number that is no value is part of the shape."""
    assert Shape(query.format(1), []).text == query.format(1)


def test_a_query_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A join without a condition over very many rows is refused; the next query is answered."""
    monkeypatch.setattr(mirror, "LONGEST_ROUNDS", 2)
    digits = " UNION ALL ".join(f"SELECT {digit} AS d FROM dual" for digit in range(10))
    crossed = ", ".join(f"({digits}) d{place}" for place in range(9))
    with pytest.raises(Refused, match="takes too long"):
        run(MIRROR, f"SELECT COUNT(*) FROM {crossed}", [])
    assert run(MIRROR, "SELECT 1 FROM dual", []).rows == [(1,)]
