"""Measures the map step: refunds a second on one core, one refund of very many lines, and memory over a million."""

from __future__ import annotations

import resource
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from builders import bills, cash_sale, line, refund, shipping, sold, terms

from contrapost.mapping.plan import plan
from contrapost.netsuite.drafts import Plan

if TYPE_CHECKING:
    from bench_tables import Row

    from contrapost.netsuite.bill import Bills
    from contrapost.refunds.document import Refund

ENOUGH_A_SECOND = 1_000
LONGEST_SECONDS = 1.0
MANY = 1_000_000
WARM = 20_000
MOST_GROWTH_MB = 5
_KB = 1024


def mapped() -> list[Row]:
    """Measures the map step; processor time, so that other work on the machine counts little."""
    known = terms()
    return [_rate(*_trade(10), known), _longest(*_trade(5_000), known), _memory(*_trade(1), known)]


def _trade(lines: int) -> tuple[Refund, Bills]:
    """A sale of so many lines with tax and shipping, of which one unit of each comes back."""
    skus = [f"SKU{number}" for number in range(lines)]
    sale = cash_sale(*(sold(sku, 2, "20.00", tax="1.65") for sku in skus), shipping("7.50", tax="0.62"))
    parts = (line(sku, 1, "10.00", tax="0.82", back=True) for sku in skus)
    return refund(*parts, paid=str(Decimal("10.82") * lines)), bills(sale)


def _rate(of: Refund, on: Bills, known: object) -> Row:
    fastest = max(_a_second(of, on, known) for _ in range(5))
    what = "Refunds of 10 lines mapped in a second of one core, with every reason"
    return what, f"{fastest:,.0f} (the best of 5 × 500)", f"at least {ENOUGH_A_SECOND:,}", fastest >= ENOUGH_A_SECOND


def _a_second(of: Refund, on: Bills, known: object, count: int = 500) -> float:
    began = time.process_time()
    for _ in range(count):
        _map(of, on, known)
    return count / (time.process_time() - began)


def _longest(of: Refund, on: Bills, known: object) -> Row:
    took = 1 / _a_second(of, on, known, 1)
    return "One refund of 5,000 lines mapped", f"{took:.2f} s", f"under {LONGEST_SECONDS:.0f} s", took < LONGEST_SECONDS


def _memory(of: Refund, on: Bills, known: object) -> Row:
    _a_second(of, on, known, WARM)
    before = _most_held()
    _a_second(of, on, known, MANY - WARM)
    grown = _most_held() - before
    what = f"Memory that {MANY:,} mapped refunds add to what the first {WARM:,} took"
    return what, f"{grown:.1f} MB", f"at most {MOST_GROWTH_MB} MB", grown <= MOST_GROWTH_MB


def _map(of: Refund, on: Bills, known: object) -> None:
    made = plan(of, on, known)  # type: ignore[arg-type] # as builders give it
    if not isinstance(made, Plan) or not made.drafts:
        sys.exit(f"The refund to be measured is not ready: {made}")


def _most_held() -> float:
    """The most memory this process ever held, in MB; the system counts it in KB, on a Mac in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / _KB / (_KB if sys.platform == "darwin" else 1)
