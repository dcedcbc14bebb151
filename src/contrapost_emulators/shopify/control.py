"""The control plane under `/_emulator`: credentials, orders, clock, faults, journal."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from contrapost_emulators.shopify import demo_shapes
from contrapost_emulators.shopify.bucket import Bucket
from contrapost_emulators.shopify.faults import FaultError
from contrapost_emulators.shopify.intake import RefusedError
from contrapost_emulators.shopify.schema import VERSION, schema
from contrapost_emulators.shopify.webhooks import TOPICS, WebhookError, payloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Request

    from contrapost_emulators.shopify.shop import Shop

LIMITS = (
    "reads only: no mutations, no bulk operations; webhooks are asked for on the control plane, as in the shop's admin",
    f"one version of the schema, {VERSION}, cut to what orders, refunds and returns need; every API version gives it",
    "orders are searched by name, id, tag, states and times; other filters are refused",
    "costs follow Shopify's published rule, on the dear side where it says nothing",
)

Given = Any


class ControlError(ValueError):
    """A call of the control plane cannot be read."""


def handle(shop: Shop, request: Request) -> Response:
    """Answers one call of the control plane; what cannot be read changes nothing."""
    name = request.path.removeprefix("/_emulator").strip("/")
    if (request.method, name) == ("GET", "credentials"):
        return _json(credentials(shop, request.host_url.rstrip("/")))
    action = _ACTIONS.get((request.method, name))
    if action is None:
        return _json({"error": f"There is no {request.method} {request.path}", "there_is": _there_is()}, 404)
    try:
        given = _given(request)
        with shop.lock:
            return _json(action(shop, given))
    except (RefusedError, FaultError, ControlError, WebhookError) as wrong:
        return _json({"error": str(wrong)}, 400)


def demo_orders() -> list[Given]:
    """Gives the orders of the demo."""
    text = Path(__file__).with_name("demo_orders.json").read_text()
    orders: list[Given] = json.loads(text, parse_float=Decimal)
    return [*orders, *demo_shapes.orders()]


def _given(request: Request) -> Given:
    text = request.get_data(as_text=True)
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except ValueError as wrong:
        raise ControlError(f"The body is no JSON: {wrong}") from None


def _no_number(text: str) -> None:
    raise ControlError(f"{text} is no number")


def _overview(shop: Shop, _: Given) -> Given:
    return {
        "emulates": f"Shopify Admin GraphQL API {VERSION}",
        "graphql": f"/admin/api/{VERSION}/graphql.json",
        "token": "/admin/oauth/access_token",
        "control": _there_is(),
        "limits": LIMITS,
        "now": shop.clock.text(),
        "scopes": shop.scopes,
        "orders": [{"id": each["id"], "name": each["name"]} for each in shop.orders.values()],
        "throttle": shop.bucket.status(shop.clock.now()),
    }


def credentials(shop: Shop, url: str) -> Given:
    """Gives what a client needs, under the names of the connector's settings."""
    return {
        "url": url,
        "shop": shop.domain,
        "client_id": shop.client_id,
        "client_secret": shop.client_secret,
        "access_token": shop.access_token,
    }


def _reset(shop: Shop, _: Given) -> Given:
    shop.reset()
    return {"orders": 0}


def _put_orders(shop: Shop, given: Given) -> Given:
    new = shop.put(given)
    for order in new:
        shop.webhooks.tell(order, domain=shop.domain, secret=shop.client_secret, now=shop.clock.text())
    return {"orders": [{"id": each["id"], "name": each["name"]} for each in new]}


def _seed(shop: Shop, given: Given) -> Given:
    return _put_orders(shop, demo_orders() if given in (None, "demo", {}) else given)


def _get_clock(shop: Shop, _: Given) -> Given:
    return {"now": shop.clock.text()}


def _set_clock(shop: Shop, given: Given) -> Given:
    match given:
        case {"now": str(text), **rest} if not rest:
            shop.clock.set(text)
        case {"advance": int() | Decimal() as seconds, **rest} if not rest:
            shop.clock.advance(float(seconds))
        case _:
            raise ControlError('takes {"now": "2026-11-23T10:00:00Z"} or {"advance": SECONDS}')
    return _get_clock(shop, None)


def _set_faults(shop: Shop, given: Given) -> Given:
    shop.faults.add(given, schema())
    return _get_faults(shop, None)


def _get_faults(shop: Shop, _: Given) -> Given:
    return {"faults": shop.faults.as_json()}


def _clear_faults(shop: Shop, _: Given) -> Given:
    shop.faults.all.clear()
    return _get_faults(shop, None)


def _get_journal(shop: Shop, _: Given) -> Given:
    return {"requests": shop.journal}


def _clear_journal(shop: Shop, _: Given) -> Given:
    shop.journal.clear()
    return _get_journal(shop, None)


def _set_throttle(shop: Shop, given: Given) -> Given:
    match given:
        case {"available": int() as left, **rest} if not rest:
            shop.bucket.drain(shop.clock.now(), left)
        case {"rate": int() as rate, **rest} if rate > 0 and not rest:
            shop.bucket = Bucket(rate)
        case _:
            raise ControlError('takes {"available": POINTS}, or {"rate": POINTS A SECOND}')
    return shop.bucket.status(shop.clock.now())


def _set_shop(shop: Shop, given: Given) -> Given:
    known = {"name", "currency", "timezone", "prefix", "suffix", "scopes"}
    if not isinstance(given, dict) or given.keys() - known:
        raise ControlError(f"takes some of {', '.join(sorted(known))}")
    for name, value in given.items():
        if not isinstance(value, list if name == "scopes" else str):
            raise ControlError(f"{name} cannot be {value!r}")
    for name, value in given.items():
        setattr(shop, name, tuple(value) if name == "scopes" else value)
    return {name: getattr(shop, name) for name in sorted(known)}


def _settle(shop: Shop, given: Given) -> Given:
    match given:
        case {"payout": str() | int() as payout, "transactions": [*transactions], **rest} if not rest:
            shop.payouts |= {str(each).rsplit("/", 1)[-1]: str(payout) for each in transactions}
        case _:
            raise ControlError('takes {"payout": NUMBER, "transactions": [NUMBER, …]}')
    return {"payouts": shop.payouts}


def _subscribe(shop: Shop, given: Given) -> Given:
    match given:
        case {"url": str() as url, "topics": [*topics], **rest} if not rest:
            shop.webhooks.subscribe(url, [str(topic) for topic in topics])
        case {"url": str() as url, **rest} if not rest:
            shop.webhooks.subscribe(url, TOPICS)
        case _:
            raise ControlError('takes {"url": "http://127.0.0.1:…", "topics": [TOPIC, …]}')
    return _get_webhooks(shop, None)


def _get_webhooks(shop: Shop, _: Given) -> Given:
    """Lists what was sent, once all that is on its way has arrived."""
    shop.webhooks.arrive()
    asked = [{"topic": topic, "url": url} for topic, url in shop.webhooks.subscriptions]
    return {"subscriptions": asked, "sent": shop.webhooks.sent}


def _send_webhook(shop: Shop, given: Given) -> Given:
    """Sends one webhook by hand: again, with another secret, of another shop, or out of order."""
    known = {"url", "order", "topic", "times", "secret", "shop", "id"}
    if not isinstance(given, dict) or given.keys() - known or not {"url", "order"} <= given.keys():
        raise ControlError(f"takes url and order, and some of {', '.join(sorted(known - {'url', 'order'}))}")
    topic = str(given.get("topic", TOPICS[0]))
    order = next((each for each in shop.orders.values() if each["name"] == given["order"]), None)
    told = payloads(order, topic) if order and topic in TOPICS else []
    if not told:
        raise ControlError(f"There is nothing to tell of {given['order']} under {topic}")
    statuses = shop.webhooks.send(
        str(given["url"]),
        topic,
        told[-1],
        domain=str(given.get("shop", shop.domain)),
        secret=str(given.get("secret", shop.client_secret)),
        now=shop.clock.text(),
        times=int(given.get("times", 1)),
        id_=str(given.get("id", "")),
    )
    return {"statuses": statuses}


def _forget_tokens(shop: Shop, _: Given) -> Given:
    shop.forget_tokens()
    return {}


_ACTIONS: dict[tuple[str, str], Callable[[Shop, Given], Given]] = {
    ("GET", ""): _overview,
    ("POST", "reset"): _reset,
    ("POST", "orders"): _put_orders,
    ("POST", "seed"): _seed,
    ("GET", "clock"): _get_clock,
    ("POST", "clock"): _set_clock,
    ("GET", "faults"): _get_faults,
    ("POST", "faults"): _set_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "journal"): _get_journal,
    ("DELETE", "journal"): _clear_journal,
    ("POST", "throttle"): _set_throttle,
    ("POST", "shop"): _set_shop,
    ("POST", "payouts"): _settle,
    ("DELETE", "tokens"): _forget_tokens,
    ("GET", "webhooks"): _get_webhooks,
    ("POST", "webhooks"): _subscribe,
    ("POST", "webhooks/send"): _send_webhook,
}


def _there_is() -> list[str]:
    return ["GET /_emulator/credentials", *(f"{method} /_emulator/{name}" for method, name in _ACTIONS)]


def _json(body: Given, status: int = 200) -> Response:
    return Response(json.dumps(body, default=str), status, content_type="application/json")
