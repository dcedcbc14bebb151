"""The page of the recorded refunds: each with what became of it, and the counts that no change worsens unseen."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from recorded import bigcommerce, magento, medusa, shopify, vendure, walmart, woocommerce
from recorded.recording import outcomes

from contrapost.refunds.document import TenderStatus
from contrapost.refunds.money import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recorded.recording import Outcome

    from contrapost.refunds.document import Line, Refund

CARTS = (woocommerce, magento, medusa, vendure, bigcommerce, walmart, shopify)
KINDS = ("ready", "held", "waiting", "not needed")
REASONS = Path(__file__).with_name("held.toml")
INTRODUCTION = Path(__file__).with_name("introduction.md")


def all_outcomes(folder: Path) -> list[Outcome]:
    """Reads and maps every recorded refund."""
    return [outcome for cart in CARTS for outcome in outcomes(cart.recordings(folder))]


def reasons() -> dict[str, dict[str, str]]:
    """Gives, by recording and finding, why holding is right."""
    return tomllib.loads(REASONS.read_text(encoding="utf-8"))


def why(outcome: Outcome) -> str:
    """Says why it is right that this refund is held; empty where nobody has said so yet."""
    return reasons().get(outcome.recording.source, {}).get(outcome.code, "")


def page(made: Sequence[Outcome]) -> str:
    """Writes the page."""
    whole = [one for one in made if not one.recording.fragment]
    parts = [one for one in made if one.recording.fragment]
    text = INTRODUCTION.read_text(encoding="utf-8")
    return text.format(
        counts=_counts(whole),
        refunds=_table(("Recorded", "Order", "Refund", "What it gives back", "What became of it"), map(_row, whole)),
        held=_table(("Recorded", "Finding", "Refunds", "Why that is right"), _held(whole)),
        fragment_counts=_counts(parts),
        fragments=_table(("Recorded", "Finding", "Refunds", "Why that is right"), _held(parts)),
    )


def _counts(made: Sequence[Outcome]) -> str:
    sources = list(dict.fromkeys(one.recording.source for one in made))
    counted = Counter((one.recording.source, one.kind) for one in made)
    rows = [(source, *(str(counted[source, kind]) for kind in KINDS)) for source in sources]
    sums = Counter(one.kind for one in made)
    return _table(("Recorded", *KINDS), [*rows, ("all", *(str(sums[kind]) for kind in KINDS))])


def _row(outcome: Outcome) -> tuple[str, ...]:
    one = outcome.recording
    gives = told(one.refund) if one.refund else "it could not be read"
    return one.source, one.order, one.refund_id, gives, _became(outcome)


def told(refund: Refund) -> str:
    """Says in a few words what a refund gives back, keeps and pays."""
    said = [_of_line(line) for line in refund.lines]
    said += dict.fromkeys(f"{charge.kind} {(charge.credited + charge.tax).text}" for charge in refund.charges)
    for each in refund.adjustments:
        amount = each.amount + each.tax
        said.append(f"{abs(amount).text} {'more' if amount.amount > 0 else 'kept'}")
    for status, words in ((TenderStatus.SUCCEEDED, "paid"), (TenderStatus.PENDING, "pending")):
        moved = total((each.amount for each in refund.tenders if each.status is status), refund.currency)
        if moved:
            said.append(f"{moved} {words}")
    return ", ".join(said) or "nothing"


def _of_line(line: Line) -> str:
    named = line.sku or line.title
    return f"{line.quantity} × {named}" if line.quantity or not line.credited else f"money for {named}"


def _became(outcome: Outcome) -> str:
    if outcome.plan is None:
        return f"{outcome.kind}: `{outcome.code}`"
    records = ", ".join(f"{draft.record.value} {draft.total.text}" for draft in outcome.plan.drafts)
    return f"ready: {records}"


def _held(made: Iterable[Outcome]) -> Iterator[tuple[str, ...]]:
    """Gives each kind of holding once, with how many refunds it holds and why."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for one in made:
        if one.kind == "held":
            groups.setdefault((one.recording.source, one.code), []).append(one)
    for (source, code), some in groups.items():
        yield source, f"`{code}`", str(len(some)), why(some[0])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
