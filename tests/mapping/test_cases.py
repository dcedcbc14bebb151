"""Every case in `cases/`: the plan, its lines and its ledger, as an accountant wrote them down."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from builders import ledger, planned
from mapping_cases import Case, Row, read_case

from contrapost.mapping.plan import Mapped
from contrapost.mapping.record_choice import NotNeeded
from contrapost.netsuite.bill import Waiting
from contrapost.netsuite.drafts import Plan
from contrapost.refunds.finding import blocks

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Case:
    """One case."""
    return read_case(request.param)


@pytest.fixture
def made(case: Case) -> Mapped:
    """What the case comes to."""
    return planned(case.refund, *case.bills, by=case.profile, known=case.lists)


def test_comes_to_what_the_case_says(case: Case, made: Mapped) -> None:
    """Ready, held, waiting or not needed, with the words that tell a person why."""
    came_to, words = _came_to(made)
    assert came_to == case.comes_to, words
    for said in case.says:
        assert said in words


def test_tables_are_as_the_case_says(case: Case, made: Mapped) -> None:
    """Records, lines, ledger, stock and fields are those of the case's tables, and no others."""
    known = {
        ("record", "from", "total"): _records,
        ("record", "item", "quantity", "amount", "tax"): _lines,
        ("record", "account", "debit", "credit"): _ledger,
        ("item", "location", "quantity"): _stock,
    }
    if case.comes_to != "ready":
        assert not case.tables, "only a refund that is ready has tables"
        return
    assert isinstance(made, Plan)
    assert ("record", "account", "debit", "credit") in case.tables, "a refund that is ready has a ledger"
    for columns, rows in case.tables.items():
        if columns == ("record", "field", "value"):
            assert [_field(made, row) for row in rows] == rows
        else:
            assert _in_order(known[columns](made)) == _in_order(rows)


def test_equation_holds(case: Case, made: Mapped) -> None:
    """Credited + rounding = paid out + to liability + receivable reduced, wherever the plan is ready."""
    if case.comes_to == "ready":
        assert isinstance(made, Plan)
        amounts = made.amounts
        went = amounts.paid_out + amounts.to_liability + amounts.receivable_reduced
        assert amounts.credited + amounts.rounding == went


def _came_to(made: Mapped) -> tuple[str, str]:
    if isinstance(made, Plan):
        words = " ".join(f"{found.code} {found.message} {found.fix}" for found in made.findings)
        if blocks(made.findings):
            return f"held: {next(found.code for found in made.findings if blocks((found,)))}", words
        return "ready", f"{words} {' '.join(reason.why for reason in made.trace)}"
    kind = "waiting" if isinstance(made, Waiting) else "not needed"
    assert isinstance(made, Waiting | NotNeeded)
    return f"{kind}: {made.code}", made.message


def _records(made: Plan) -> list[Row]:
    return [
        {
            "record": draft.record.value,
            "from": draft.source.tranid if draft.source else "",
            "total": draft.total.text,
        }
        for draft in made.drafts
    ]


def _lines(made: Plan) -> list[Row]:
    return [
        {
            "record": draft.record.value,
            "item": one.item,
            "quantity": f"{one.quantity.normalize():f}",
            "amount": one.amount.text,
            "tax": one.tax.text,
        }
        for draft in made.drafts
        for one in draft.lines
    ]


def _ledger(made: Plan) -> list[Row]:
    return [
        {
            "record": record,
            "account": account,
            "debit": net if Decimal(net) > 0 else "",
            "credit": net.removeprefix("-") if Decimal(net) < 0 else "",
        }
        for record, entries in ledger(made).items()
        for account, net in entries.items()
    ]


def _stock(made: Plan) -> list[Row]:
    return [
        {"item": move.item, "location": move.location, "quantity": f"{move.quantity.normalize():f}"}
        for draft in made.drafts
        for move in draft.stock
    ]


def _field(made: Plan, row: Row) -> Row:
    """What stands in the body of a record at the place the row names: `apply.items.0.apply`."""
    body = next(draft.body for draft in made.drafts if draft.record == row["record"])
    found = reduce(_step_into, row["field"].split("."), body)
    return row | {"value": "" if found is None else str(found)}


def _step_into(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return value[int(name)] if int(name) < len(value) else None
    return value.get(name) if isinstance(value, dict) else None


def _in_order(rows: list[Row]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in rows)
