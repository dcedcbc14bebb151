"""The rows of a small database as release 0.1.0 left it, in the tables of its last migration: some of every kind."""

from __future__ import annotations

LAST = "0005_rounding_and_goodwill"
_AT = "2026-03-01T12:00:00Z"
_PLAN = (
    '{"drafts":[{"record":"cashRefund","external_id":"cp-a__r2","source":{"record":"cashSale","id":"5","t'
    'ranid":"","written":""},"replace":["item"],"body":{"memo":"x","quantity":1E0},"total":{"amount":10.0'
    '0,"currency":"USD"},"lines":[],"ledger":[],"stock":[],"gateways":[]}],"amounts":{"credited":{"amount'
    '":10.00,"currency":"USD"},"paid_out":{"amount":10.00,"currency":"USD"},"to_liability":{"amount":0E0,'
    '"currency":"USD"},"receivable_reduced":{"amount":0E0,"currency":"USD"},"rounding":{"amount":0E0,"cur'
    'rency":"USD"},"goods_out":null},"findings":[],"trace":[],"revision":2,"rounded":null,"beyond":null}'
)
_DOCUMENT = (
    '{"store_refund_id":"9001","order_id":"5001","order_name":"#1001","refunded_at":"2026-03-01T12:00:00Z'
    '","refunded_on":"2026-03-01","currency":"USD","lines":[],"charges":[],"adjustments":[{"amount":{"amo'
    'unt":10.00,"currency":"USD"},"tax":{"amount":0E0,"currency":"USD"},"reason":"","kind":"difference"}]'
    ',"tenders":[{"id":"t","kind":"money","gateway":"bank","amount":{"amount":10.00,"currency":"USD"},"st'
    'atus":"succeeded","gateway_reference":"","payout_id":""}],"store_fees":[],"order_unpaid":false,"exch'
    'anges_goods":false,"goods_out":[],"prices_include_tax":false,"facilitator_tax":null,"cause":"refund"'
    ',"note":"","facts":{}}'
)
_REFUND = {
    "id": 7, "account_id": 3, "store_refund_id": "9001", "order_id": "5001", "order_name": "#1001",
    "refunded_at": _AT, "refunded_on": "2026-03-01", "amount_minor": 1000, "currency": "USD", "status": "posted",
    "reason": "", "next_look_at": None, "hidden": False, "raw": '{"ü": 1}', "document": _DOCUMENT, "digest": "d",
    "seen_digest": "d", "findings": "[]", "bills": None, "plan": _PLAN, "fingerprint": "f", "revision": 2,
    "edition": 1, "frozen": True, "rounded_minor": 3, "accepted_minor": None, "created_at": _AT, "updated_at": _AT,
}  # fmt: skip
_WAITING = {
    "id": 8, "store_refund_id": "9002", "status": "waiting", "reason": "not_billed", "next_look_at": _AT, "plan": None,
    "fingerprint": "", "frozen": False, "revision": 1, "rounded_minor": None,
}  # fmt: skip
_PERSON = {
    "id": 4, "password": "x", "last_login": None, "is_superuser": False, "username": "ann", "first_name": "",
    "last_name": "", "email": "ann@example.com", "is_staff": False, "is_active": True, "date_joined": _AT,
    "role": "administrator",
}  # fmt: skip

ROWS: dict[str, list[dict[str, object]]] = {
    "records_netsuiteaccount": [
        {"id": 2, "name": "books", "settings": "{}", "sealed": "", "lists": "", "lists_at": None, "created_at": _AT},
    ],
    "records_account": [
        {"id": 3, "name": "shop", "connector": "shopify", "netsuite_id": 2, "identity": "shop", "settings": "{}",
         "sealed": "", "profile": "{}", "created_at": _AT},
    ],
    "records_lease": [{"id": 1, "netsuite_id": 2, "holder": "h:1", "token": 5, "until": _AT}],
    "records_transaction": [_REFUND, {**_REFUND, **_WAITING}],
    "records_tombstone": [
        {"id": 1, "account_id": 3, "store_refund_id": "9000", "revision": 1, "at": _AT, "by": "ann"},
    ],
    "records_plannedrecord": [
        {"id": 1, "transaction_id": 7, "revision": 2, "position": 0, "record": "cashRefund", "external_id": "cp-a__r2",
         "step": "written", "netsuite_id": "71"},
    ],
    "records_attempt": [
        {"id": 1, "transaction_id": 7, "external_id": "cp-a__r2", "at": _AT, "by": "ann", "what": "write",
         "method": "POST", "path": "/x", "sent": "{}", "status": 204, "received": "", "request_id": "r",
         "milliseconds": 12, "conclusion": "written as 71"},
    ],
    "records_historyentry": [
        {"id": 1, "transaction_id": 7, "at": _AT, "by": "ann", "event": "retrieved", "from_state": "",
         "to_state": "imported", "note": ""},
    ],
    "records_link": [
        {"id": 1, "transaction_id": 7, "held_in_id": 2, "record": "cashRefund", "netsuite_id": "71", "tranid": "CR1",
         "external_id": "cp-a__r2", "total_minor": 1000, "currency": "USD"},
    ],
    "records_person": [_PERSON],
    "records_apitoken": [
        {"id": 1, "person_id": 4, "name": "t", "prefix": "cp_x", "digest": "0", "created_at": _AT,
         "last_used_at": None, "revoked_at": None},
    ],
    "records_signinlink": [
        {"id": 1, "person_id": None, "prefix": "y", "digest": "0", "expires_at": _AT, "used_at": None},
    ],
}  # fmt: skip
"""By table."""
