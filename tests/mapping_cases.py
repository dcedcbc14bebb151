"""Cases as Markdown: what is given stands in TOML under three headings, what must come of it in tables under a fourth.

`tests/mapping/cases/README.md` tells how to read them; its chart, items and profile are read here, too.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builders import adjustment, charge, line, refund, tender

from contrapost.refunds.document import AdjustmentKind, Cause, LineKind, Refund, Restock, StoreFee
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.refunds.document import Adjustment, Line, Tender

FOLDER = Path(__file__).parent / "mapping" / "cases"
GIVEN = ("In NetSuite", "At the store", "Profile")
BECOMES = "What it becomes"
AFTERWARDS = "Afterwards"
"""What others do with the books then, and what stands in them: the one part that a case may leave out."""
Row = dict[str, str]
Tables = dict[tuple[str, ...], list[Row]]


@dataclass(frozen=True)
class Case:
    """One case: what is given, and what must come of it."""

    name: str
    netsuite: dict[str, Any]
    """What NetSuite holds before, as the case writes it."""
    refunds: tuple[Refund, ...]
    """In the order in which they are posted."""
    profile: dict[str, str]
    """Settings by name, as `--set` takes them."""
    comes_to: str
    """What the last one comes to: `ready`, or `held`, `waiting`, `not needed` with a code: `held: exchange`."""
    says: tuple[str, ...]
    """Words that the findings, the reason or the trace must have."""
    tables: Tables
    """By the names of their columns."""
    afterwards: dict[str, Any]
    """What others put into NetSuite after the refund; empty where the case ends with the refund."""
    tables_afterwards: Tables


def paths() -> list[Path]:
    """The files of all cases."""
    return sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


def read_case(path: Path) -> Case:
    """Reads a case."""
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# .+\n\n\*\*Catches:\*\* .+\n", text), f"{path.name} begins with a title and what it catches"
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    wanted = (*GIVEN, BECOMES, AFTERWARDS) if AFTERWARDS in parts else (*GIVEN, BECOMES)
    assert tuple(parts) == wanted, f"{path.name} has the parts {', '.join(parts)}"
    netsuite, store, profile = (_block(parts[name], f"{path.name}, {name}") for name in GIVEN)
    outcome = re.search(r"^\*\*Comes to:\*\* (.+)$", parts[BECOMES], re.MULTILINE)
    assert outcome, f"{path.name} does not say what it comes to"
    return Case(
        name=path.stem,
        netsuite=netsuite,
        refunds=tuple(_refund(one, store) for one in _several(store["refund"])),
        profile={name: value for name, value in (profiles()[profile.pop("like")] | profile).items() if value},
        comes_to=outcome[1].strip(),
        says=tuple(re.findall(r"^\*\*Says:\*\* (.+)$", parts[BECOMES], re.MULTILINE)),
        tables=tables_in(parts[BECOMES]),
        afterwards=_block(parts[AFTERWARDS], f"{path.name}, {AFTERWARDS}") if AFTERWARDS in parts else {},
        tables_afterwards=tables_in(parts.get(AFTERWARDS, "")),
    )


def _block(part: str, where: str) -> dict[str, Any]:
    block = re.search(r"```toml\n(.*?)```", part, re.DOTALL)
    assert block, f"{where} gives nothing"
    return tomllib.loads(block[1], parse_float=Decimal)


def _several(given: Any) -> list[dict[str, Any]]:
    return given if isinstance(given, list) else [given]


# ---- the page that all cases stand on


@cache
def chart() -> Tables:
    """The tables of the page: accounts and items."""
    return tables_in((FOLDER / "README.md").read_text(encoding="utf-8"))


@cache
def profiles() -> dict[str, dict[str, str]]:
    """The profiles of the page by their names."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^## Profile (\w+)\n.*?```toml\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    return {name: tomllib.loads(block) for name, block in found}


def accounts() -> list[Row]:
    """The accounts of the page."""
    return chart()["account", "name", "type"]


def items() -> list[Row]:
    """The items of the page."""
    return chart()["item", "kind", "account", "price", "cost"]


# ---- the refund document


def _refund(given: dict[str, Any], store: dict[str, Any]) -> Refund:
    given = dict(given)
    currency = store.get("currency", "USD")
    money = {"currency": currency}
    at = given.pop("at", None)
    if at is not None:
        given["day"] = at.date()
    if "day" in given:
        given["day"] = date.fromisoformat(str(given["day"]))
    if "facilitator_tax" in given:
        given["facilitator_tax"] = Money.of(str(given["facilitator_tax"]), currency)
    if "cause" in given:
        given["cause"] = Cause(given["cause"])
    parts: dict[str, tuple[Any, ...]] = {
        "tenders": tuple(_tender(one, currency) for one in given.pop("tenders", ())),
        "charges": tuple(charge(**_texts(one), **money) for one in given.pop("charges", ())),
        "adjustments": tuple(_adjustment(one, currency) for one in given.pop("adjustments", ())),
        "goods_out": tuple(_line(one, currency) for one in given.pop("goods_out", ())),
        "store_fees": tuple(
            StoreFee(name=one["name"], amount=Money.of(str(one["amount"]), currency))
            for one in given.pop("store_fees", ())
        ),
    }
    lines = [_line(one, currency) for one in given.pop("lines", ())]
    known = {entry.name for entry in fields(Refund)} | {"paid", "id", "day"}
    assert set(given) <= known, f"a refund has no {', '.join(set(given) - known)}"
    made = refund(*lines, **_texts(given), **money, **{name: some for name, some in parts.items() if some})
    return made if at is None else replace(made, refunded_at=at)


def _line(given: dict[str, Any], currency: str) -> Line:
    said = {name: value for name, value in given.items() if name not in {"kind", "coming"}}
    made = replace(line(**_texts(said), currency=currency), kind=LineKind(given.get("kind", "goods")))
    return replace(made, goods=replace(made.goods, restock=Restock.RETURNED)) if given.get("coming") else made


def _tender(given: dict[str, Any], currency: str) -> Tender:
    apart = {name: given[name] for name in ("gateway_reference", "payout_id") if name in given}
    said = {name: value for name, value in given.items() if name not in apart}
    return replace(tender(**_texts(said), currency=currency), **apart)


def _adjustment(given: dict[str, Any], currency: str) -> Adjustment:
    kind = AdjustmentKind(given.get("kind", "difference"))
    said = {name: value for name, value in given.items() if name != "kind"}
    return replace(adjustment(**_texts(said), currency=currency), kind=kind)


def _texts(given: dict[str, Any]) -> dict[str, Any]:
    """Amounts as the builders take them."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in given.items()}


# ---- tables


def tables_in(text: str) -> Tables:
    """Reads the tables of a text."""
    tables: Tables = {}
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in row.strip("|\n").split("|")] for row in table.splitlines())
        tables[tuple(head)] = [dict(zip(head, row, strict=True)) for row in rows]
    return tables


def in_order(rows: Iterable[Row]) -> list[str]:
    """Rows as a test compares them: their order says nothing."""
    return sorted(" | ".join(row.values()) for row in rows)
