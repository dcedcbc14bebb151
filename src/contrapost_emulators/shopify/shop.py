"""The emulated shop: its orders, its clock, its points, its credentials, and what it was told to do wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING

from contrapost_emulators.shopify.bucket import Bucket
from contrapost_emulators.shopify.completing import Context, complete
from contrapost_emulators.shopify.faults import Faults
from contrapost_emulators.shopify.intake import Node, RefusedError, moment, read_order
from contrapost_emulators.shopify.linking import link, nodes_in
from contrapost_emulators.shopify.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCOPES = ("read_orders", "read_all_orders", "read_returns", "read_locations")
TOKEN_SECONDS = 86_399
WITHOUT_ALL_ORDERS = timedelta(days=60)


class Clock:
    """The emulator's clock: the machine's, moved by the control plane."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """Gives the emulator's time."""
        return datetime.now(UTC) + self._offset

    def text(self) -> str:
        """Gives the emulator's time as Shopify writes it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def set(self, text: str) -> None:
        """Sets the clock; it goes on from there."""
        self._offset = datetime.fromisoformat(moment(text, "now")) - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Moves the clock on."""
        self._offset += timedelta(seconds=seconds)


@dataclass
class Shop:
    """One emulated shop."""

    domain: str = "contrapost-demo.myshopify.com"
    name: str = "Contrapost Demo"
    currency: str = "USD"
    timezone: str = "America/New_York"
    prefix: str = "#"
    suffix: str = ""
    scopes: tuple[str, ...] = SCOPES
    client_id: str = "contrapost-demo-client"
    client_secret: str = "shpss_contrapost-demo-secret"  # noqa: S105 - made up, and handed to whoever asks
    access_token: str = "shpat_contrapost-demo-token"  # noqa: S105 - the same
    clock: Clock = field(default_factory=Clock)
    bucket: Bucket = field(default_factory=Bucket)
    faults: Faults = field(default_factory=Faults)
    journal: list[Node] = field(default_factory=list)
    webhooks: Webhooks = field(default_factory=Webhooks)
    lock: RLock = field(default_factory=RLock)
    orders: dict[str, Node] = field(default_factory=dict)
    locations: list[Node] = field(default_factory=list)
    payouts: dict[str, str] = field(default_factory=dict)
    """The payout of each order transaction that was settled, both by their number."""
    _index: dict[str, Node] = field(default_factory=dict)
    _remembered: dict[object, list[Node]] = field(default_factory=dict)
    _tokens: dict[str, datetime] = field(default_factory=dict)
    _made: int = 0
    _issued: int = 0

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets orders, faults, journal and webhooks, fills the bucket and puts the clock right; credentials stay."""
        self.clock, self.faults, self.journal, self.webhooks = Clock(), Faults(), [], Webhooks()
        self.bucket = Bucket(self.bucket.rate)
        self.orders, self._remembered, self._made = {}, {}, 0
        self.payouts = {}
        place = {"__typename": "Location", "id": "gid://shopify/Location/1", "name": "Main warehouse", "isActive": True}
        self.locations = [place]
        self._index = _by_id(self.locations)

    def put(self, given: object) -> list[Node]:
        """Takes in orders: all of them, or none.

        Raises:
            RefusedError: one of them does not fit Shopify's schema.
        """
        if isinstance(given, dict) and given.keys() == {"orders"}:
            given = given["orders"]
        if not isinstance(given, list):
            raise RefusedError("orders", "takes a list of orders in the shape of the Admin API")
        taken, new = dict(self.orders), []
        for place, each in enumerate(given):
            order = read_order(each, self.currency, f"orders[{place}]")
            link(order, f"orders[{place}]")
            self._name_places(order)
            complete(order, self._context(taken))
            taken.pop(order["id"], None)
            taken[order["id"]] = order
            new.append(order)
        only_new = len(taken) == len(self.orders) + len(new)
        self.orders, self._remembered = taken, {}
        if only_new:
            self._index |= _by_id(new)
        else:
            self._index = _by_id([*self.locations, *taken.values()])
        return new

    def node(self, gid: str) -> Node | None:
        """Finds anything by its id; what belongs to an order that the app may not see is not found."""
        found = self._index.get(gid)
        if found is None:
            return None
        order = found if found["__typename"] == "Order" else found.get("order")
        return found if not isinstance(order, dict) or self._visible(order) else None

    def visible_orders(self) -> list[Node]:
        """Gives the orders the app may see."""
        return [order for order in self.orders.values() if self._visible(order)]

    def remembered(self, asked: object, find: Callable[[], list[Node]]) -> list[Node]:
        """Gives what the last search found where it is asked again, as for its next page, and nothing changed."""
        if asked not in self._remembered:
            self._remembered = {asked: find()}
        return self._remembered[asked]

    def as_node(self) -> Node:
        """Gives the shop in the shape of the Admin API."""
        return {
            "__typename": "Shop",
            "id": "gid://shopify/Shop/1",
            "name": self.name,
            "myshopifyDomain": self.domain,
            "url": f"https://{self.domain}",
            "currencyCode": self.currency,
            "ianaTimezone": self.timezone,
            "orderNumberFormatPrefix": self.prefix,
            "orderNumberFormatSuffix": self.suffix,
            "locations": self.locations,
        }

    def payments_account(self) -> Node:
        """Gives the balance of Shopify Payments: one balance transaction for each charge and refund that succeeded."""
        moved = [
            self._balanced(transaction)
            for order in self.visible_orders()
            for transaction in order["transactions"]
            if transaction["gateway"] == "shopify_payments" and transaction["status"] == "SUCCESS"
        ]
        own = {"__typename": "ShopifyPaymentsAccount", "id": "gid://shopify/ShopifyPaymentsAccount/1"}
        return own | {"balanceTransactions": sorted(moved, key=lambda each: str(each["processedAt"]))}

    def _balanced(self, transaction: Node) -> Node:
        number = transaction["id"].rsplit("/", 1)[1]
        payout = self.payouts.get(number)
        return {
            "__typename": "ShopifyPaymentsBalanceTransaction",
            "id": f"gid://shopify/ShopifyPaymentsBalanceTransaction/{number}",
            "type": "REFUND" if transaction["kind"] == "REFUND" else "CHARGE",
            "amount": transaction["amountSet"]["shopMoney"],
            "net": transaction["amountSet"]["shopMoney"],
            "processedAt": transaction["processedAt"],
            "transactionDate": transaction["processedAt"],
            "sourceOrderTransactionId": number,
            "associatedPayout": {
                "__typename": "ShopifyPaymentsBalanceTransactionAssociatedPayout",
                "id": f"gid://shopify/ShopifyPaymentsPayout/{payout}" if payout else None,
                "status": "PAID" if payout else "PENDING",
            },
        }

    def installation(self) -> Node:
        """Gives the app as it is installed, with its scopes."""
        scopes = [{"__typename": "AccessScope", "handle": each, "description": each} for each in self.scopes]
        return {"__typename": "AppInstallation", "id": "gid://shopify/AppInstallation/1", "accessScopes": scopes}

    def issue_token(self) -> str:
        """Makes an access token that lives a day."""
        self._issued += 1
        token = "shpat_" + hashlib.sha256(f"{self.client_secret} {self._issued}".encode()).hexdigest()[:32]
        self._tokens[token] = self.clock.now() + timedelta(seconds=TOKEN_SECONDS)
        return token

    def accepts(self, token: str) -> bool:
        """Says whether a token is good now."""
        ends = self._tokens.get(token)
        return token == self.access_token or (ends is not None and self.clock.now() < ends)

    def forget_tokens(self) -> None:
        """Ends every token that was issued."""
        self._tokens.clear()

    def _name_places(self, order: Node) -> None:
        """Names the locations that an order gives by their id alone."""
        known = {place["id"]: place["name"] for place in self.locations}
        for node in nodes_in(order):
            if node["__typename"] == "Location" and "id" in node:
                node.setdefault("name", known.get(node["id"], f"Location {node['id'].rsplit('/', 1)[1]}"))

    def _visible(self, order: Node) -> bool:
        oldest = (self.clock.now() - WITHOUT_ALL_ORDERS).strftime("%Y-%m-%dT%H:%M:%SZ")
        return "read_all_orders" in self.scopes or str(order["createdAt"]) >= oldest

    def _context(self, taken: dict[str, Node]) -> Context:
        return Context(
            now=self.clock.text(),
            currency=self.currency,
            next_number=self._next_number,
            name_of=lambda number: f"{self.prefix}{number}{self.suffix}",
            next_order=lambda: max([1000, *(order["number"] for order in taken.values())]) + 1,
            location=self.locations[0],
        )

    def _next_number(self) -> int:
        self._made += 1
        return 7_000_000_000_000 + self._made


def _by_id(roots: Sequence[Node]) -> dict[str, Node]:
    return {node["id"]: node for root in roots for node in nodes_in(root) if node.get("id")}
