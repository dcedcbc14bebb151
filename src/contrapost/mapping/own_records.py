"""Records of a refund that stand in NetSuite though our rows do not say so: the rows were restored from a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.netsuite.bill import Bills, credits_of, without_credits
from contrapost.refunds.finding import info
from contrapost.refunds.identity import revision_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost.netsuite.bill import Credit, Waiting
    from contrapost.refunds.finding import Finding


def own_credits(found: Bills | Waiting | Finding, shop: str, refund_id: str, revision: int) -> dict[Credit, int]:
    """Gives the credits that were written for this very refund, each with the revision of its plan.

    Args:
        found: what match came to, for a refund of which no plan is frozen.
        shop: what makes the shop the same for ever.
        refund_id: the store's own id of the refund.
        revision: of the row; records of earlier ones are on record.
    """
    if not isinstance(found, Bills):
        return {}
    of_refund = {one: revision_of(one.external_id, shop, refund_id) for one in credits_of(found)}
    return {one: of for one, of in of_refund.items() if of and of >= revision}


def before(found: Bills | Waiting | Finding, own: Mapping[Credit, int]) -> Bills | Waiting | Finding:
    """Gives the bills as they were before those records: a refund becomes again what it became then."""
    return without_credits(found, frozenset(one.id for one in own)) if isinstance(found, Bills) and own else found


def stands_already(own: Mapping[Credit, int]) -> tuple[Finding, ...]:
    """Says that there are such records, where there are."""
    if not own:
        return ()
    named = " and ".join(credit.label for credit in own)
    message = f"NetSuite holds {named} of this refund already, which is not on record here: a backup was restored."
    fix = "Post it: what stands is found and linked, and nothing is sent twice."
    return (info("stands_already", message, fix=fix),)
