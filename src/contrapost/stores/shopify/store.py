"""One Shopify shop as a store: gives the refunds of orders that are named, or that changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from contrapost.refunds.finding import Finding, error, info, warning
from contrapost.stores.contract import Page, Problem, Retrieved, StoreError
from contrapost.stores.shopify import queries
from contrapost.stores.shopify.cursor import Cursor
from contrapost.stores.shopify.facts import kept
from contrapost.stores.shopify.following import MOST_REFUNDS, Follower
from contrapost.stores.shopify.naming import Wanted, chosen, search_for, wanted
from contrapost.stores.shopify.payload import Part, ids_of, inner, number_of, objects, text
from contrapost.stores.shopify.payouts import with_payouts
from contrapost.stores.shopify.refunds import needs_agreements, needs_return, read_refund

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contrapost.stores.shopify.client import Client
    from contrapost.stores.shopify.settings import Settings

NAMES_AT_ONCE = 20
OVERLAP = timedelta(seconds=120)
"""How much earlier than asked a span begins: an order's parts move one after the other."""
NEEDED_SCOPES = ("read_orders", "read_returns")
_PAYOUTS = "read_shopify_payments_payouts"
_OLD_ORDERS = "read_all_orders"


class ShopifyStore:
    """One connected shop."""

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client
        self._follow = Follower(client)

    def orders(self, names: Sequence[str]) -> Page:
        """Gives the refunds of these orders: by name, with or without its signs, long number or global id.

        Raises:
            StoreError: the shop could not be reached or refused us.
        """
        asked = wanted(names)
        refunds: list[Retrieved] = []
        problems: list[Problem] = []
        whole: list[str] = []
        for start in range(0, len(asked), NAMES_AT_ONCE):
            found, missing = self._find(asked[start : start + NAMES_AT_ONCE])
            problems += missing
            orders = list({text(order, "id"): order for order in found.values()}.values())
            some, cut = self._refunds_of(orders)
            refunds += some
            whole += _whole(orders, some, cut)
            problems += [*cut, *(_no_refunds(one, found[one]) for one in found if not ids_of(found[one], "refunds"))]
        return Page(refunds=tuple(refunds), problems=tuple(problems), whole_orders=tuple(whole))

    def changed(self, *, since: datetime, until: datetime | None = None, cursor: str = "") -> Page:
        """Gives a page of the refunds of orders that changed in a span of time, oldest change first.

        Raises:
            StoreError: the shop could not be reached or refused us, or the cursor is not one of ours.
        """
        at = Cursor.read(cursor) if cursor else Cursor.start(since - OVERLAP, until)
        at = at.within(until)
        first = queries.ORDERS_PAGE
        asked = {"search": at.search(), "first": first, "after": at.after or None, "sort": "UPDATED_AT"}
        said = self._client.ask("orders", asked, points=queries.orders_cost(first))
        orders = [_with_shop(order, said) for order in objects(inner(said, "orders").get("nodes"))]
        refunds, cut = self._refunds_of([order for order in orders if ids_of(order, "refunds")])
        page = inner(inner(said, "orders"), "pageInfo")
        more = page.get("hasNextPage") is True
        last = text(orders[-1], "updatedAt") if orders else ""
        following = at.next_page(text(page, "endCursor"), len(orders), last) if more else at.finished(last, OVERLAP)
        return Page(
            refunds=tuple(refunds),
            problems=tuple(cut),
            cursor=following.write(),
            has_more=more,
            whole_orders=_whole(orders, refunds, cut),
            reached=_moment(last),
        )

    def check(self) -> tuple[Finding, ...]:
        """Tries the connection and what it may read; a shop that refuses us is a finding here, not an exception."""
        try:
            said = self._client.ask("check", {}, points=10)
        except StoreError as refused:
            return (refused.finding,)
        granted = inner(said, "currentAppInstallation").get("accessScopes")
        scopes = {text(each, "handle") for each in objects(granted)}
        return (*_about_shop(inner(said, "shop"), self._settings), *_about_scopes(scopes, self._needed))

    @property
    def _needed(self) -> tuple[str, ...]:
        return (*NEEDED_SCOPES, _PAYOUTS) if self._settings.payouts else NEEDED_SCOPES

    def _find(self, asked: Sequence[Wanted]) -> tuple[dict[Wanted, Part], list[Problem]]:
        """Finds the order that each name means; what is not found is looked for once more with the shop's affixes."""
        orders, affixes = self._searched(search_for(asked), 3 * len(asked) + 2)
        found = {one: chosen(one, orders, affixes) for one in asked}
        lost = [one for one in asked if not found[one] and one.name]
        if lost and any(each.isalnum() for affix in affixes for each in affix):
            orders, _ = self._searched(search_for(lost, affixes), 3 * len(lost) + 2)
            found |= {one: chosen(one, orders, affixes) for one in lost}
        problems = [_not_one(one, orders) for one, orders in found.items() if len(orders) != 1]
        return {one: orders[0] for one, orders in found.items() if len(orders) == 1}, problems

    def _searched(self, search: str, first: int) -> tuple[list[Part], tuple[str, str]]:
        orders: list[Part] = []
        affixes, after, more = ("", ""), None, True
        first = min(first, queries.ORDERS_PAGE)
        while more:
            asked = {"search": search, "first": first, "after": after}
            said = self._client.ask("orders", asked, points=queries.orders_cost(first))
            orders += [_with_shop(order, said) for order in objects(inner(said, "orders").get("nodes"))]
            shop, page = inner(said, "shop"), inner(inner(said, "orders"), "pageInfo")
            affixes = text(shop, "orderNumberFormatPrefix"), text(shop, "orderNumberFormatSuffix")
            following = text(page, "endCursor")
            more = page.get("hasNextPage") is True and following != after
            after = following
        return orders, affixes

    def _refunds_of(self, orders: Sequence[Part]) -> tuple[list[Retrieved], list[Problem]]:
        """Reads the refunds of orders in full, several at a time; an order with more than can be listed is told."""
        listed = [(order, self._follow.all_refunds(order)) for order in orders]
        owner = {gid: order for order, ids in listed for gid in ids}
        payloads = self._follow.refunds(list(owner))
        if self._settings.payouts:
            payloads = with_payouts(self._client, payloads)
        refunds = [self._retrieved(owner[gid], payload) for gid, payload in payloads.items()]
        return refunds, [_cut_off(order) for order, ids in listed if len(ids) >= MOST_REFUNDS]

    def _retrieved(self, order: Part, payload: Part) -> Retrieved:
        money = self._settings.money
        own = {name: value for name, value in order.items() if name != "refunds"}
        if needs_return(own, payload, money=money):
            payload = {**payload, "return": self._follow.whole_return(inner(payload, "return"))}
        if needs_agreements(own, payload, money=money):
            own["agreements"] = self._follow.agreements(text(order, "id"), text(payload, "id"))
        refund, findings = read_refund(own, payload, money=money)
        return Retrieved(
            store_refund_id=number_of(payload),
            order_id=number_of(order),
            order_name=text(order, "name"),
            refund=refund,
            findings=findings,
            raw=kept(own, payload),
        )


def _whole(orders: Sequence[Part], refunds: Sequence[Retrieved], cut: Sequence[Problem]) -> tuple[str, ...]:
    """The orders of which every refund that the shop lists was read; none where any list was cut off."""
    if cut:
        return ()
    read = Counter(one.order_id for one in refunds)
    listed = {number_of(order): len(ids_of(order, "refunds")) for order in orders}
    return tuple(number for number, least in listed.items() if read[number] >= least)


def _moment(text_: str) -> datetime | None:
    """Reads a moment as Shopify writes it; None for one that cannot be read, or that names no zone."""
    try:
        moment = datetime.fromisoformat(text_)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _with_shop(order: dict[str, object], said: Part) -> Part:
    return order | {"shop": inner(said, "shop")}


def _no_refunds(one: Wanted, order: Part) -> Problem:
    message = f"Order {text(order, 'name')} has no refunds in Shopify."
    fix = "Refund the order in Shopify first; if you just did, wait a moment and retrieve it again."
    return Problem(order=one.asked, finding=warning("order_has_no_refunds", message, fix=fix))


def _cut_off(order: Part) -> Problem:
    name = text(order, "name")
    message = f"Order {name} has {MOST_REFUNDS} refunds or more; Shopify lists no more of them, so some may be missing."
    fix = "Compare with the order in Shopify's admin and book by hand what is missing."
    return Problem(order=name, finding=warning("order_refunds_cut_off", message, fix=fix))


def _not_one(one: Wanted, orders: Sequence[Part]) -> Problem:
    if not orders:
        fix = (
            "Check the order's name as it stands in Shopify's admin, such as #1001. Orders older than 60 days are"
            f" hidden from an app without the scope {_OLD_ORDERS}."
        )
        found = error("order_not_found", f"Shopify knows no order {one.asked!r}, or does not show it to us.", fix=fix)
        return Problem(order=one.asked, finding=found)
    listed = ", ".join(f"{text(order, 'name')} ({number_of(order)})" for order in orders)
    message = f"{one.asked!r} names {len(orders)} orders in Shopify: {listed}."
    fix = "Ask for the one you mean by its long number, given in brackets."
    return Problem(order=one.asked, finding=error("order_ambiguous", message, fix=fix))


def _about_shop(shop: Part, settings: Settings) -> Iterator[Finding]:
    own = text(shop, "myshopifyDomain")
    if own.lower() == settings.shop:
        message = f"Connected to {text(shop, 'name')} ({own}), currency {text(shop, 'currencyCode')}."
        yield info("store_connected", message)
    else:
        fix = f"Set shop to {own}, or give the credentials of {settings.shop}."
        message = f"The address answers for {own or 'another shop'}, not for {settings.shop}."
        yield error("store_is_another", message, fix=fix, where="shop")


def _about_scopes(scopes: set[str], needed: tuple[str, ...]) -> Iterator[Finding]:
    missing = [scope for scope in needed if scope not in scopes]
    if missing:
        fix = "Add it in the app's settings in the Dev Dashboard, release the app anew, and install it again."
        yield error("store_scope_missing", f"The app lacks the scope {' and '.join(missing)}.", fix=fix)
    else:
        yield info("store_scopes", f"The app may read what it needs: {', '.join(needed)}.")
    if _OLD_ORDERS not in scopes:
        fix = f"Ask for the scope {_OLD_ORDERS} if refunds of older orders are to be retrieved."
        yield warning("store_old_orders_hidden", "Orders older than 60 days are hidden from the app.", fix=fix)
