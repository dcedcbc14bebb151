"""Fills a database with a million refunds as stores and people leave them behind, by bulk SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import connection

from contrapost.codec import encode
from contrapost.refunds.document import (
    Charge,
    ChargeKind,
    Goods,
    Line,
    Refund,
    Restock,
    Tender,
    TenderKind,
    TenderStatus,
)
from contrapost.refunds.finding import error
from contrapost.refunds.money import Money

ROWS: Final = 1_000_000
FIRST_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""From here on a refund a minute, almost two years of them."""
FIRST_REFUND, FIRST_ORDER, FIRST_ORDER_NAME = 900_000_000_000, 450_000_000_000, 100_000

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})",
    "postgresql": "WITH n(i) AS (SELECT i::bigint FROM generate_series(1, {rows}) AS s(i))",
}
_MOMENT = {
    "sqlite": "datetime('2024-01-01', (i * 60 + i * 7919 % 86400) || ' seconds')",
    "postgresql": "TIMESTAMPTZ '2024-01-01Z' + (i * 60 + i * 7919 % 86400) * INTERVAL '1 second'",
}
_DAY = {"sqlite": "date({moment})", "postgresql": "(({moment}) AT TIME ZONE 'UTC')::date"}
_STATUS = """CASE WHEN h < 9000 THEN 'posted' WHEN h < 9400 THEN 'reconciled' WHEN h < 9600 THEN 'canceled'
    WHEN h < 9900 THEN 'not_needed' WHEN h < 9970 THEN 'waiting' WHEN h < 9979 THEN 'imported'
    WHEN h < 9995 THEN 'needs_attention' WHEN h < 9999 THEN 'ready' ELSE 'posting' END"""
"""Nine of ten are posted, sixteen of ten thousand need attention, one of ten thousand is being posted."""
_ACCOUNT = "CASE WHEN k % 1000 < 700 THEN %s WHEN k % 1000 < 950 THEN %s WHEN k % 1000 < 999 THEN %s ELSE %s END"
"""A large shop, a middling one, a small one, and one that has just begun."""

_FILL = """
INSERT INTO records_transaction (account_id, store_refund_id, order_id, order_name, refunded_at, refunded_on,
    amount_minor, currency, status, reason, next_look_at, hidden, raw, document, digest, seen_digest, findings, bills,
    plan, fingerprint, revision, edition, frozen, created_at, updated_at)
{numbers}, orders(i, k, h) AS (SELECT i, (i + 1) / 2, i * 7919 % 10000 FROM n)
SELECT {account}, {refund}, {order}, {name}, {moment}, {day},
    1000 + i % 90000, 'USD', {status}, CASE WHEN h BETWEEN 9900 AND 9969 THEN 'order_not_in_netsuite' ELSE '' END, NULL,
    h BETWEEN 9400 AND 9599 AND i % 3 = 0, %s, {document}, 'd', 'd',
    CASE WHEN h BETWEEN 9979 AND 9994 THEN %s ELSE '[]' END, NULL,
    CASE WHEN h = 9999 THEN '{{}}' END, CASE WHEN h = 9999 THEN 'f' ELSE '' END, 1, 1, h = 9999, {moment}, {moment}
FROM orders
"""
_LINKS = """
INSERT INTO records_link (record, netsuite_id, tranid, external_id, total_minor, currency, held_in_id, transaction_id,
    adopted, ledger)
SELECT 'cashRefund', {id}, {number}, {external}, amount_minor, currency, %s, id, FALSE, ''
FROM records_transaction WHERE status IN ('posted', 'reconciled')
"""


def fill(accounts: list[int], netsuite: int) -> None:
    """Adds the refunds of four accounts, two an order, and a NetSuite record for each that is posted."""
    kind = connection.vendor
    moment = _MOMENT[kind]
    parts = {
        "numbers": _NUMBERS[kind].format(rows=ROWS),
        "moment": moment,
        "day": _DAY[kind].format(moment=moment),
        "status": _STATUS,
        "account": _ACCOUNT.replace("% 1000", "%% 1000"),
        "refund": _text(f"{FIRST_REFUND} + i"),
        "order": _text(f"{FIRST_ORDER} + k"),
        "name": f"'#' || {_text(f'{FIRST_ORDER_NAME} + k')}",
        "document": f"replace(replace(%s, '@refund@', {_text(f'{FIRST_REFUND} + i')}), '@order@', {_text('k')})",
    }
    parts = {name: part if name == "account" else _percents(part) for name, part in parts.items()}
    text, finding = encode(document()), encode((_FINDING,))
    with connection.cursor() as cursor:
        if kind == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA journal_mode=OFF")  # a fill that breaks is thrown away
        cursor.execute(
            _percents(_FILL).format(**parts),
            [*accounts, _PAYLOAD, text, finding],
        )
        given = {"id": _text("10000000 + id"), "number": f"'CR' || {_text('id')}", "external": f"'b-' || {_text('id')}"}
        cursor.execute(_LINKS.format(**given), [netsuite])
        if kind == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does, in its time
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")


def document() -> Refund:
    """Gives a refund of two lines and shipping, paid back by card, of about 1.5 KB as it is kept."""
    lines = tuple(
        Line(
            id=f"gid://shop/RefundLineItem/45000000{index}@refund@",
            order_line_id=f"gid://shop/LineItem/45000000{index}@order@",
            sku=sku,
            title=title,
            quantity=index,
            credited=Money.of(amount, "USD"),
            tax=Money.of(tax, "USD"),
            goods=Goods(restock=Restock.RETURNED, came_back=True, shipped=True, location="Harbour warehouse"),
        )
        for index, (sku, title, amount, tax) in enumerate(_SOLD, start=1)
    )
    tender = Tender(
        id="gid://shop/OrderTransaction/@refund@",
        kind=TenderKind.MONEY,
        gateway="shopify_payments",
        amount=Money.of("178.61", "USD"),
        status=TenderStatus.SUCCEEDED,
        gateway_reference="re_@refund@",
    )
    return Refund(
        store_refund_id="@refund@",
        order_id="@order@",
        order_name="#@order@",
        refunded_at=FIRST_DAY,
        refunded_on=FIRST_DAY.date(),
        currency="USD",
        lines=lines,
        charges=(
            Charge(
                kind=ChargeKind.SHIPPING,
                credited=Money.of("9.00", "USD"),
                tax=Money.of("0.74", "USD"),
                title="Standard",
            ),
        ),
        tenders=(tender,),
        note="Came too late, and the box was dented at one corner",
    )


_PAYLOAD = '{"kept": "short: no list reads it"}'
_SOLD = (("LAMP-BRASS", "Reading lamp, brass", "100.00", "8.25"), ("TRAY-OAK-L", "Oak serving tray", "56.00", "4.62"))
_FINDING = error(
    "gateway_not_mapped",
    "The money went back by klarna, and no NetSuite account stands for it.",
    where="cash_account.klarna",
    fix="Set the account that klarna pays into: contrapost accounts set shop --set cash_account.klarna=1092",
)


def _text(number: str) -> str:
    return f"CAST({number} AS text)"


def _percents(text: str) -> str:
    """A remainder is no place for a value."""
    return text.replace(" % ", " %% ")
