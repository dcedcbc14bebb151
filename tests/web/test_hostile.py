"""Hostile text from a store: shown as text, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

EVIL = "<img src=x onerror=alert(1)>'\"&{{7*7}}"


def test_hostile_names_are_escaped_everywhere(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Order name, note, SKU, title and gateway with markup in them stay text on every page."""
    from world import order, refund

    back = refund(30011, [(0, 1, "100.00", "8.25")], paid="108.25", note=EVIL, gateway=EVIL)
    sold = order(3001, [(EVIL, 1, "100.00", "8.25")], [back], paid="108.25", name=f"#3001{EVIL}")
    trade.shop.ask("POST", "orders", [sold])
    client = as_role("administrator")
    window = client.post("/other-transactions/retrieve/", {"account": "northlight", "order": f"#3001{EVIL}"})
    trade.shop.ask("POST", "orders", [{**sold, "name": "#3001"}])
    row = trade.retrieve(3001)
    pages = ["/other-transactions/", f"/other-transactions/{row.id}/", f"/other-transactions/{row.id}/raw/"]
    pages += [f"/other-transactions/?order={EVIL}", f"/other-transactions/{row.id}/delete/"]
    pages += ["/settings/accounts/northlight/?set=sku.<img src=x>"]
    texts = [window.content.decode(), *(client.get(page).content.decode() for page in pages)]

    assert EVIL.split("'", maxsplit=1)[0].replace("<", "&lt;").replace(">", "&gt;") in texts[1]
    for text in texts:
        assert "<img" not in text
        assert "{{" not in text.replace("{{7*7}}", "")
