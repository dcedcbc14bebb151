"""Who a refund is, for ever: the names under which NetSuite knows its records."""

from __future__ import annotations

import hashlib
import re

MAX_LENGTH = 100
"""NetSuite keeps more; a shorter id stays readable on its screens."""
OURS = "cp-"
"""What every external id of ours begins with, of whatever shop."""
DIGESTED = f"{OURS}-"
"""What one begins with that would be too long: the rest is a digest, which does not tell the shop."""
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REVISED = re.compile(r"__r(\d+)$")


def external_id(shop: str, refund_id: str, record: str, bill_id: str = "", *, revision: int = 1) -> str:
    """Gives the external id of one NetSuite record of one refund: `cp-my_shop-9002-cr-512`.

    NetSuite allows letters, digits, `_` and `-`, and compares without regard to case, over all transaction types alike.
    So the id is lower case, names shop, refund, record and bill (never a position), and two different inputs never give
    the same id: a hyphen inside a part becomes `_`, anything else NetSuite would not take or not tell apart is escaped
    with `__`, which no other part can hold. An id that would be too long is a digest of itself, which starts `cp--`.

    Args:
        shop: what makes the shop the same for ever (not the name someone gave the account).
        refund_id: the store's own id of the refund.
        record: the short name of the record, such as `cr` for cash refund.
        bill_id: the NetSuite id of the bill the record stands on, where there is one.
        revision: which plan of this refund; 2 and up are plans made anew after a look showed that nothing stood.

    Raises:
        ValueError: shop, refund or record is empty.
    """
    if not (shop and refund_id and record):
        raise ValueError("An external id needs a shop, a refund and a record")
    parts = [prefix_of(shop) + _escape(refund_id), *(_escape(part) for part in (record, bill_id) if part)]
    name = "-".join(parts) + (f"__r{revision}" if revision > 1 else "")
    return name if len(name) <= MAX_LENGTH else f"{DIGESTED}{hashlib.sha256(name.encode()).hexdigest()}-{record}"


def prefix_of(shop: str) -> str:
    """Gives what every external id of a shop begins with, but for those that would be too long."""
    return f"{OURS}{_escape(shop)}-"


def revision_of(name: str, shop: str, refund_id: str) -> int | None:
    """Gives the revision of the plan that a record of this refund belongs to; None where it is no record of it.

    Of an id so long that it is a digest nothing can be told: None.
    """
    begins = "-".join(("cp", _escape(shop), _escape(refund_id), ""))
    if not name.lower().startswith(begins):
        return None
    revised = _REVISED.search(name.lower())
    return int(revised[1]) if revised else 1


def _escape(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return part.replace("-", "_")
    return re.sub(r"[^a-z0-9]", lambda found: f"__{ord(found.group()):x}_", part)
