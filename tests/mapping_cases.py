"""Cases as Markdown: what is given stands in a TOML block, what must come of it in tables."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from builders import (
    adjustment,
    bill,
    charge,
    credited,
    discount,
    line,
    lists,
    profile,
    refund,
    shipping,
    sold,
    tender,
    two_taxes,
)

from contrapost.mapping.profile import PeriodPolicy, RestockPolicy
from contrapost.netsuite.bill import Bill, BillKind, Credit, LineKind
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from pathlib import Path

    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Refund

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One case: what is given, and what must come of it."""

    name: str
    refund: Refund
    bills: tuple[Bill, ...]
    profile: Profile
    lists: Lists
    comes_to: str
    """`ready`, or `held`, `waiting`, `not needed` with a code: `held: more_than_remains`."""
    says: tuple[str, ...]
    """Words that the findings or the reason must have."""
    tables: dict[tuple[str, ...], list[Row]]
    """The tables by the names of their columns."""


def read_case(path: Path) -> Case:
    """Reads a case."""
    text = path.read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    outcome = re.search(r"^\*\*Comes to:\*\* (.+)$", text, re.MULTILINE)
    assert block, f"{path.name} gives nothing"
    assert outcome, f"{path.name} does not say what it comes to"
    assert re.match(r"# .+\n\n\*\*Catches:\*\* .+\n", text), f"{path.name} starts with a title and what it catches"
    given = tomllib.loads(block[1], parse_float=Decimal)
    currency = given.get("currency", "USD")
    return Case(
        name=path.stem,
        refund=_refund(given["refund"], currency),
        bills=tuple(_bill(one, currency) for one in given["bill"]),
        profile=profile(**_profile(given.get("profile", {}))),
        lists=lists(**{name: tuple(values) for name, values in given.get("periods", {}).items()}),
        comes_to=outcome[1].strip(),
        says=tuple(re.findall(r"^\*\*Says:\*\* (.+)$", text, re.MULTILINE)),
        tables=_tables(text),
    )


def _refund(given: dict[str, Any], currency: str) -> Refund:
    money = {"currency": currency}
    more = {name: given[name] for name in ("order_unpaid", "exchanges_goods", "id") if name in given}
    if "day" in given:
        more["day"] = date.fromisoformat(given["day"])
    return refund(
        *(line(**one, **money) for one in given.get("lines", ())),
        paid=given.get("paid"),
        tenders=tuple(tender(**one, **money) for one in given.get("tenders", ())),
        charges=tuple(charge(**one, **money) for one in given.get("charges", ())),
        adjustments=tuple(adjustment(**one, **money) for one in given.get("adjustments", ())),
        currency=currency,
        **more,
    )


_BILL_FIELDS = ("id", "unpaid", "rate")


def _bill(given: dict[str, Any], currency: str) -> Bill:
    currency = given.get("currency", currency)
    regime = given.get("tax", "suitetax")
    lines = [_sold(dict(one), regime, currency) for one in given["lines"]]
    lines += [discount(**one, currency=currency) for one in given.get("discounts", ())]
    if "shipping" in given:
        lines.append(shipping(**given["shipping"], currency=currency))
    return bill(
        *lines,
        kind=BillKind(given["kind"]),
        currency=currency,
        order_tax=tuple(given["order_tax"]) if "order_tax" in given else None,
        credits_=tuple(_credit(one, given.get("id", "512"), currency) for one in given.get("credits", ())),
        **{name: given[name] for name in _BILL_FIELDS if name in given},
    )


def _sold(given: dict[str, Any], regime: str, currency: str) -> Any:
    if "two_taxes" in given:
        given["taxes"] = two_taxes(*given.pop("two_taxes"), currency)
    return sold(**given, regime=regime, currency=currency)


def _credit(given: dict[str, Any], bill_id: str, currency: str) -> Credit:
    lines = (
        credited(one["item"], str(one.get("quantity", 0)), one["amount"], LineKind(one.get("kind", "item")))
        for one in given.get("lines", ())
    )
    return Credit(
        record=given.get("record", "cashRefund"),
        id="977",
        tranid=given["tranid"],
        external_id="",
        bill_id=bill_id,
        total=Money.of(given["total"], currency),
        lines=tuple(lines),
    )


_POLICIES = {"restock": RestockPolicy, "period": PeriodPolicy, "rounding_tolerance": Decimal}


def _profile(given: dict[str, Any]) -> dict[str, Any]:
    return {name: _POLICIES[name](value) if name in _POLICIES else value for name, value in given.items()}


def _tables(text: str) -> dict[tuple[str, ...], list[Row]]:
    tables: dict[tuple[str, ...], list[Row]] = {}
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in row.strip("|\n").split("|")] for row in table.splitlines())
        tables[tuple(head)] = [dict(zip(head, row, strict=True)) for row in rows]
    return tables
