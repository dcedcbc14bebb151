"""What a store told by its webhooks: orders to be read again, and which webhooks were taken already."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.db.models import F, Q
from django.db.transaction import atomic

from contrapost.records.errors import NotFoundError
from contrapost.records.models import Account, Delivery, Hint, Sync

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

KEPT_AT_ONCE = 20
_TOKEN_BYTES = 24


def new_address_token(account: str) -> str:
    """Makes the token of the address that the store calls, in place of any before; only its digest is kept.

    Raises:
        NotFoundError: there is no such account.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    if not Sync.objects.filter(account__name=account).update(hook_digest=_digest(token.encode())):
        raise NotFoundError(f"There is no account named {account}. `contrapost accounts` lists those there are.")
    return token


def no_address(account: str) -> None:
    """Takes the address away: whatever the store sends there from now on is refused."""
    Sync.objects.filter(account__name=account).update(hook_digest="")


def is_address_token(account: str, token: str) -> bool:
    """Says whether this token is the one of the account's address; it takes as long for an account there is not."""
    kept = Sync.objects.filter(account__name=account).values_list("hook_digest", flat=True).first() or ""
    return hmac.compare_digest(kept, _digest(token.encode())) and bool(kept)


def take(account: str, order_id: str, *, delivery_id: str, body: bytes, now: datetime) -> bool:
    """Takes a webhook that was verified: its order is to be read again. A webhook taken before is not taken again.

    Args:
        account: its name.
        order_id: the store's own id of the order; empty where it tells of nothing that we read.
        delivery_id: the store's id of this webhook.
        body: as it came.
        now: the present moment.

    Raises:
        NotFoundError: there is no such account.
    """
    shop = Account.objects.filter(name=account).values_list("id", flat=True).first()
    if shop is None:
        raise NotFoundError(f"There is no account named {account}. `contrapost accounts` lists those there are.")
    digest = _digest(body)
    same = Q(delivery_id=delivery_id) | Q(digest=digest) if delivery_id else Q(digest=digest)
    try:
        with atomic():
            if Delivery.objects.filter(same, account=shop).exists():
                return False
            Delivery.objects.create(account_id=shop, delivery_id=delivery_id or digest, digest=digest, at=now)
            Sync.objects.filter(account=shop).update(hooked_at=now)
            if order_id:
                _hint(shop, order_id, now)
    except IntegrityError:
        return False  # the same webhook came twice at once
    return True


def _hint(shop: int, order_id: str, now: datetime) -> None:
    """Two hooks of one order may come at once; neither is lost to the other."""
    Hint.objects.bulk_create([Hint(account_id=shop, order_id=order_id, hinted_at=now)], ignore_conflicts=True)
    Hint.objects.filter(account=shop, order_id=order_id).update(edition=F("edition") + 1, hinted_at=now)


def waiting(account: str, *, limit: int = KEPT_AT_ONCE) -> dict[str, int]:
    """Gives the orders to be read again, longest hinted first, each with the edition of its hint."""
    rows = Hint.objects.filter(account__name=account).order_by("hinted_at", "id")
    return dict(rows.values_list("order_id", "edition")[:limit])


def count(account: str) -> int:
    """Counts the orders to be read again."""
    return Hint.objects.filter(account__name=account).count()


def read(account: str, hints: Iterable[tuple[str, int]]) -> None:
    """Takes hints away, once what they told of is kept; one that was hinted again meanwhile stays."""
    for order_id, edition in hints:
        Hint.objects.filter(account__name=account, order_id=order_id, edition=edition).delete()


def forget(*, before: datetime) -> int:
    """Forgets webhooks taken before a moment, and says how many; one that comes again then is read again."""
    removed, _ = Delivery.objects.filter(at__lt=before).delete()
    return removed


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
