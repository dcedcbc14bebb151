"""A shop that never rests: orders are sold, billed, given back, retrieved and posted, one refund after the other."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "flow"))
from world import PROFILE, bill, chart, order, refund

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.app import App
    from contrapost.demo.processes import Emulator

SHOP, BOOKS = "harbour", "books"
AT_ONCE = 20
"""Orders retrieved before they are posted."""
FIRST = 2001


@dataclass
class Trade:
    """The emulated shop and books, connected, and a thread that posts while it is told to."""

    app: App
    store: Emulator
    netsuite: Emulator
    shop: str = SHOP
    books: str = BOOKS
    posted: int = 0
    _next: int = FIRST
    _end: threading.Event = field(default_factory=threading.Event)
    _fault: BaseException | None = None

    def connect(self) -> None:
        """Sets both accounts up."""
        from contrapost import accounts

        self._seed(chart())
        accounts.add_netsuite(self.app, self.books, self.netsuite.credentials())
        bound = {"netsuite": self.books, **self.store.credentials(), **PROFILE}
        accounts.add(self.app, "shopify", self.shop, bound)

    def __enter__(self) -> Self:
        """Begins to post."""
        self.posted = 0
        self._end.clear()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_of: object) -> None:
        """Ends with the refund under way."""
        self._end.set()
        self._thread.join()
        if self._fault:
            raise RuntimeError("Posting stopped") from self._fault

    def _run(self) -> None:
        from contrapost.records.setup import database

        try:
            with database():
                while not self._end.is_set():
                    self._go_on()
        except Exception as fault:  # noqa: BLE001 - told when the thread is joined
            self._fault = fault

    def retrieve_more(self, orders: int) -> list[int]:
        """Sells some orders and gives them back; gives the refunds, retrieved."""
        from contrapost import flow

        numbers = self.sell_more(orders)
        names = [f"#{number}" for number in numbers]
        return [row.id for row in flow.retrieve(self.app, self.shop, flow.Orders(names=names), by="bench").transactions]

    def sell_more(self, orders: int, *, at: datetime | None = None) -> range:
        """Sells and bills some orders, gives them back, and gives their numbers.

        Args:
            orders: how many.
            at: when, a second apart; all of them now where left out.
        """
        numbers = range(self._next, self._next + orders)
        self._next += orders
        self._sell(numbers, at)
        return numbers

    def _go_on(self) -> None:
        from contrapost import flow

        for id_ in self.retrieve_more(AT_ONCE):
            if self._end.is_set():
                return
            done = flow.post(self.app, [id_], by="bench").transactions[0]
            if done.status != "posted":
                raise RuntimeError(f"{done.order_name} is {done.status}: {done.findings}")
            self.posted += 1

    def _sell(self, numbers: range, at: datetime | None) -> None:
        lamp = ("LAMP", 1, "100.00", "8.25")
        sold = [
            order(
                number,
                [lamp],
                [refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")],
                paid="108.25",
                **_times(at, place),
            )
            for place, number in enumerate(numbers)
        ]
        self.store.ask("POST", "orders", sold)
        self._seed([bill("cashSale", f"#{number}", [lamp]) for number in numbers])

    def _seed(self, records: list[tuple[str, dict[str, Any]]]) -> None:
        self.netsuite.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])


def _times(at: datetime | None, seconds: int) -> dict[str, str]:
    if at is None:
        return {}
    text = (at + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"createdAt": text, "updatedAt": text}
