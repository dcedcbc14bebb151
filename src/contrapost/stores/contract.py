"""What a store is to the rest of Contrapost: something that is asked for a page of refunds and answers one.

A store never touches the database. It is asked with order names or a cursor and answers what it found, what it could
not read, and where to go on. A store that cannot be reached, or refuses us, raises `StoreError`; everything that is
wrong with one order or one refund is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from contrapost.refunds.finding import Finding  # noqa: TC001 - msgspec reads this type at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from contrapost.refunds.document import Refund


class StoreError(Exception):
    """The store could not be reached or refused us; says what was tried, what came back and what to do.

    `retryable` tells whether trying again later, unchanged, can help.
    """

    def __init__(self, finding: Finding, *, retryable: bool) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.retryable = retryable


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """One refund as it came from the store: the document where it could be read, and what was sent."""

    store_refund_id: str
    order_id: str
    order_name: str
    refund: Refund | None
    """None where the payload could not be read; the findings then say why."""
    findings: tuple[Finding, ...]
    raw: str
    """The payload as JSON, without addresses and card data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An order that was asked for and gave no refund, and why."""

    order: str
    """As it was asked for."""
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a store: refunds, problems, and where to go on."""

    refunds: tuple[Retrieved, ...]
    problems: tuple[Problem, ...] = ()
    cursor: str = ""
    """Opaque to everyone but the store; given back to `changed` for the next page."""
    has_more: bool = False
    whole_orders: tuple[str, ...] = ()
    """The store's ids of orders of which this page has every refund, even where that is none."""
    reached: datetime | None = None
    """Of `changed`: the last change on this page, by the store's clock; all before it came with this or earlier pages.
    None where the page is empty."""


class Store(Protocol):
    """One shop or seller account, connected."""

    def orders(self, names: Sequence[str]) -> Page:
        """Gives the refunds of these orders, named as a person sees them or by the store's own id.

        Raises:
            StoreError: the store could not be reached or refused us.
        """
        ...

    def changed(self, *, since: datetime, until: datetime | None = None, cursor: str = "") -> Page:
        """Gives a page of the refunds of orders that changed in a span of time, oldest change first.

        The span is widened a little backwards, because a store's parts move one after the other; the same refund may
        therefore come again. An empty cursor starts at `since`; the page's cursor goes on from there.

        Raises:
            StoreError: the store could not be reached or refused us.
        """
        ...

    def check(self) -> tuple[Finding, ...]:
        """Tries the connection and what it may read; findings of severity info say what works."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook: a call of the store to us, as it came."""

    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a verified webhook tells. It is a hint only: the store itself is read again."""

    topic: str
    order_id: str
    """The store's own id of the order; empty where it is about nothing that we read."""
    delivery_id: str
    """The store's id of this webhook, which stays when it is sent again; empty where it gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """How a kind of store calls us."""

    read: Callable[[object, Hook], Told | Finding]
    """Verifies a webhook with the connector's settings and reads it, or says why it is refused. Pure."""
    topics: tuple[str, ...]
    """What is to be asked for at the store."""
    where: str
    """One or two sentences: where at the store the address is entered, and what else it wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a connector, as forms and `--set` name it."""

    name: str
    label: str
    """As a form shows it."""
    help: str
    """One sentence: what it is and where to find it."""
    secret: bool = False
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A kind of store: what its folder offers. Each folder's `__init__` names its own as `CONNECTOR`."""

    name: str
    """In lower case, as the command line takes it: `shopify`."""
    label: str
    """As people write it: `Shopify`."""
    settings: tuple[Setting, ...]
    read_settings: Callable[[Mapping[str, str]], tuple[object | None, tuple[Finding, ...]]]
    """Turns the given values, secrets included, into the connector's settings, or findings that say what is wrong."""
    identity: Callable[[object], str]
    """What makes the shop the same shop for ever, such as its first domain: part of every external id."""
    connect: Callable[[object], Store]
    """Opens the store with settings that `read_settings` made; makes no call yet."""
    hooks: Hooks | None = None
    """None for a kind of store that does not call."""
