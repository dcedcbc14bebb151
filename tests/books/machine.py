"""Plays random steps, legal and illegal, on an account and on the model at once, and compares what both hold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from books.comparing import Compared
from books.model import BECOMES, ZERO, Apply, Changes, Holding, Refused, Settling, Terms, Wish, rounded
from books.money import Books
from contract.shop import Shop
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from contract.client import NetSuite, Reply

D = Decimal
YEAR = 2026
THIS_MONTH = 3
MONTHS = st.sampled_from([1, 2, 3, 3, 3, 3, 3, 3, 4])
WHICH = st.integers(0, 40)
CENTS = st.integers(0, 20_000).map(lambda number: D(number) / 100)
FEW_CENTS = st.sampled_from([ZERO, ZERO, D("4.99"), D("7.50")])
UNITS = st.integers(0, 4).map(D)
CURRENCY = st.sampled_from(["USD", "EUR"])
RATES = st.sampled_from([D("1.1"), D("1.1"), D("1.2345"), D("0.987")])
PARTS = st.sampled_from([None, None, None, "half", "half", "all", "a cent more", "nothing"])
"""How much of what is open a request asks for; none leaves it to the account."""
NAMES = st.one_of(st.none(), st.integers(0, 9).map("Web-{}".format))
SOLD = st.builds(Wish, item=st.sampled_from(["card", "tray", "pan"]), quantity=UNITS, amount=CENTS)
KEYED = st.builds(Wish, key=st.integers(0, 4), quantity=st.one_of(st.none(), UNITS), amount=st.one_of(st.none(), CENTS))
ADDED = st.one_of(SOLD, st.builds(Wish, item=st.just("card"), amount=st.just(D(5))))
WISHES = st.lists(
    st.one_of(KEYED, KEYED, KEYED, ADDED), max_size=3, unique_by=lambda wish: "new" if wish.key is None else wish.key
)
"""No key twice in one request: what comes of that, no rule says."""
MANY = 2
TRADE = {"salesOrder", "cashSale", "invoice", "cashRefund", "creditMemo"}


class BooksMachine(Compared, RuleBasedStateMachine):
    """Two customers, two currencies, goods with and without stock, and four months."""

    def __init__(self, net: NetSuite, counts: Counter[str]) -> None:
        super().__init__()
        self.net = net
        self.counts = counts

    @initialize(foreign=st.sampled_from(["EUR", "EUR", "JPY"]))
    def open_the_books(self, foreign: str) -> None:
        """A fresh account."""
        net = self.net
        net.begin()
        net.control("POST", "clock", {"now": f"{YEAR}-{THIS_MONTH:02}-15T12:00:00Z"})
        self.shop = shop = Shop(net)
        self.customers = {"ada": shop.customer, "bob": net.make("customer", entityId="Bob", companyName="Bob")}
        self.items = {"card": shop.card, "tray": shop.tray, "pan": net.make("inventoryItem", itemId="PAN")}
        shop.stock(shop.tray, 20, 15)
        shop.stock(self.items["pan"], 25, D("3.33"))
        self.currencies = {"USD": net.currency("USD"), "EUR": net.currency(foreign)}
        self.periods = {
            month: net.rows(f"SELECT id FROM accountingperiod WHERE periodname = '{name} {YEAR}'")[0]["id"]
            for month, name in enumerate(("Jan", "Feb", "Mar", "Apr"), 1)
        }
        stock = {"tray": Holding(D(30), D(450)), "pan": Holding(D(25), D("83.25"))}
        self.books = Books({"USD": 2, "EUR": 0 if foreign == "JPY" else 2}, stock)
        self.ids: dict[int, str] = {}
        self.names: dict[str, int] = {}

    # ---- how a step is played

    def play(self, step: str, model: Callable[[], Any], request: Callable[[], Reply], name: str | None = None) -> Any:
        """Let the model take a step, then the account: both take it, or both refuse it and nothing changes."""
        self.counts["steps"] += 1
        before = self.everything()
        outcome, refusal = self._foretold(model, name)
        reply = request()
        if refusal:
            assert reply.status == 400, (step, refusal, reply.status)
            assert self.everything() == before, (step, refusal, reply.detail)
            self.counts[f"{step}: refused"] += 1
            return None
        assert reply.status == 204, (step, reply.content)
        self.counts[step] += 1
        return outcome, reply

    def _foretold(self, model: Callable[[], Any], name: str | None) -> tuple[Any, str]:
        """What the model makes of a step, or why it refuses."""
        if name is not None and name.lower() in self.names:
            return None, "the external id is taken"
        held = self.books
        self.books = held.copy()
        try:
            return model(), ""
        except Refused as refused:
            self.books = held
            return None, str(refused)

    def keep(self, played: Any, name: str | None = None) -> str | None:
        """Remember the id of a new document, and compare."""
        if played is None:
            return None
        number, reply = played
        self.ids[number] = reply.id
        if name is not None:
            self.names[name.lower()] = number
        self.compare(number)
        return reply.id

    def pick(self, which: int, *kinds: str) -> int:
        """One of the documents of some kinds."""
        found = self.of(*kinds)
        return found[which % len(found)]

    def part(self, number: int, share: str | None) -> Decimal | None:
        """An amount as a share of what of a document is open."""
        free = self.books.open_of(number)
        places = self.books.places[self.books.documents[number].terms.currency]
        amounts = {"half": rounded(free / 2, places), "all": free, "nothing": ZERO}
        more = {"a cent more": free + D(1).scaleb(-places)}
        return None if share is None else (amounts | more)[share]

    def of(self, *kinds: str) -> list[int]:
        """The documents of some kinds."""
        return [number for number, document in self.books.documents.items() if not kinds or document.kind in kinds]

    # ---- steps: goods

    @rule(
        kind=st.sampled_from(["cashSale", "cashSale", "invoice", "invoice", "salesOrder", "creditMemo", "cashRefund"]),
        customer=st.sampled_from(["ada", "ada", "bob"]),
        currency=CURRENCY,
        rate=RATES,
        month=MONTHS,
        shipping=FEW_CENTS,
        discounted=st.booleans(),
        taxed=st.booleans(),
        wishes=st.one_of(st.lists(SOLD, min_size=1, max_size=3), st.lists(SOLD, max_size=3)),
        automatic=st.sampled_from([None, False, False, True]),
        name=NAMES,
    )
    def sell(
        self, kind: str, customer: str, currency: str, rate: D, month: int, wishes: list[Wish], **more: Any
    ) -> None:
        """A sale, an order, or a refund without a source."""
        automatic, name = more.pop("automatic"), more.pop("name")
        settling = Settling(automatic=automatic if kind == "creditMemo" else None)
        terms = Terms(currency, rate if currency == "EUR" else D(1), month, **more)
        body = self.head(kind, terms) | {"entity": {"id": self.customers[customer]}, "item": self.lines(wishes, "line")}
        body |= self.said(settling, name)
        played = self.play(
            f"create {kind}",
            lambda: self.books.sell(kind, customer, terms, wishes, settling),
            lambda: self.net.post(kind, body, X_NetSuite_PropertyNameValidation="Error"),
            name=name,
        )
        self.keep(played, name)

    @precondition(lambda self: self.of(*TRADE))
    @rule(
        which=WHICH,
        kind=st.sampled_from(["cashRefund", "creditMemo", "cashSale", "invoice", None, None, None, None]),
        replaced=st.booleans(),
        month=MONTHS,
        rate=RATES,
        shipping=st.one_of(st.none(), FEW_CENTS),
        wishes=WISHES,
        applies=st.sampled_from([None, None, "off", "part"]),
        part=PARTS,
        automatic=st.sampled_from([None, False, False, True]),
        name=NAMES,
    )
    def transform(self, *, which: int, kind: str | None, month: int, rate: D, wishes: list[Wish], **more: Any) -> None:
        """A bill from an order, or a refund from a bill, whole or in part; now and then an impossible one."""
        kinds = ("salesOrder", "cashSale", "invoice") if kind is None else TRADE
        if not self.of(*kinds):
            return
        source = self.pick(which, *kinds)
        origin = self.books.documents[source]
        kind = kind or next(target for start, target in sorted(BECOMES) if start == origin.kind)
        rate = rate if origin.terms.currency == "EUR" else D(1)
        changes = Changes(month, rate, more["shipping"], more["replaced"])
        settling = Settling(automatic=more["automatic"]) if kind == "creditMemo" else Settling()
        if kind == "creditMemo" and more["applies"]:
            on = more["applies"] == "part"
            one = Apply(source, self.part(source, more["part"]) if on else None, on=on)
            settling = Settling((one,), more["automatic"])
        body: dict[str, Any] = {"tranDate": day(month), "exchangeRate": rate} | self.said(settling, more["name"])
        if wishes or changes.replaced:
            body["item"] = self.lines(wishes, "orderLine")
        if changes.shipping is not None:
            body["shippingCost"] = changes.shipping
        if kind in {"cashSale", "cashRefund"}:
            body["account"] = {"id": self.shop.clearing}
        path = f"{origin.kind}/{self.ids[source]}/!transform/{kind}{'?replace=item' if changes.replaced else ''}"
        played = self.play(
            f"transform {origin.kind} {kind}",
            lambda: self.books.transform(source, kind, changes, wishes, settling),
            lambda: self.net.post(path, body),
            name=more["name"],
        )
        self.keep(played, more["name"])

    @precondition(lambda self: self.of(*TRADE))
    @rule(which=WHICH, wishes=WISHES, replaced=st.booleans())
    def edit(self, *, which: int, wishes: list[Wish], replaced: bool) -> None:
        """Other lines for a document that is saved."""
        number = self.pick(which, *TRADE)
        document = self.books.documents[number]
        if document.kind == "salesOrder" and self.books.billed(number):
            return  # how far an order can be changed once a bill was made of it, no rule says
        path = f"{document.kind}/{self.ids[number]}{'?replace=item' if replaced else ''}"
        body = {"item": self.lines(wishes, "line")}
        played = self.play(
            f"edit {document.kind}",
            lambda: self.books.edit(number, wishes, replaced=replaced),
            lambda: self.net.patch(path, body),
        )
        if played is not None:
            self.compare(number)

    # ---- steps: money

    @precondition(lambda self: self.of("invoice"))
    @rule(
        which=WHICH,
        other=WHICH,
        month=MONTHS,
        rate=RATES,
        amount=st.one_of(st.none(), st.none(), CENTS),
        part=PARTS,
        both=st.booleans(),
    )
    def pay(self, *, which: int, other: int, month: int, rate: D, both: bool, **more: Any) -> None:
        """A payment made from an invoice, perhaps of another one too, perhaps of more than is open."""
        first, second = self.pick(which, "invoice"), self.pick(other, "invoice")
        invoice = self.books.documents[first]
        terms = Terms(invoice.terms.currency, rate if invoice.terms.currency == "EUR" else D(1), month)
        wanted = [Apply(first, self.part(first, more["part"]))]
        if both and second != first:
            wanted.append(Apply(second))
        body: dict[str, Any] = self.settlement_head(terms)
        if more["amount"] is not None:
            body["payment"] = more["amount"]
        body["apply"] = self.apply_lines(wanted)
        played = self.play(
            "transform invoice customerPayment",
            lambda: self.books.pay(invoice.customer, terms, tuple(wanted), more["amount"]),
            lambda: self.net.post(f"invoice/{self.ids[first]}/!transform/customerPayment", body),
        )
        self.keep(played)

    @precondition(lambda self: len(self.of("customerDeposit")) < MANY)
    @rule(customer=st.sampled_from(["ada", "bob"]), currency=CURRENCY, rate=RATES, month=MONTHS, amount=CENTS)
    def take_deposit(self, *, customer: str, currency: str, rate: D, month: int, amount: D) -> None:
        """A customer deposit."""
        terms = Terms(currency, rate if currency == "EUR" else D(1), month)
        body = self.settlement_head(terms) | {"customer": {"id": self.customers[customer]}, "payment": amount}
        body["currency"] = self.currencies[terms.currency]
        played = self.play(
            "create customerDeposit",
            lambda: self.books.deposit(customer, terms, amount),
            lambda: self.net.post("customerDeposit", body),
        )
        self.keep(played)

    @precondition(lambda self: self.of("customerDeposit") and self.of("invoice"))
    @rule(which=WHICH, other=WHICH, month=MONTHS, rate=RATES, part=PARTS)
    def use_deposit(self, *, which: int, other: int, month: int, rate: D, part: str | None) -> None:
        """A deposit set against an invoice, which may be somebody else's."""
        source, invoice = self.pick(which, "customerDeposit"), self.pick(other, "invoice")
        deposit = self.books.documents[source]
        terms = Terms(deposit.terms.currency, rate if deposit.terms.currency == "EUR" else D(1), month)
        one = Apply(invoice, self.part(min(source, invoice, key=self.books.open_of), part))
        body = {"tranDate": day(month), "exchangeRate": terms.rate, "apply": self.apply_lines([one])}
        played = self.play(
            "transform customerDeposit depositApplication",
            lambda: self.books.use_deposit(source, terms, (one,)),
            lambda: self.net.post(f"customerDeposit/{self.ids[source]}/!transform/depositApplication", body),
        )
        self.keep(played)

    @precondition(lambda self: self.of("creditMemo", "customerPayment", "customerDeposit"))
    @rule(
        which=WHICH,
        more=st.lists(st.tuples(WHICH, PARTS), max_size=2),
        part=PARTS,
        month=MONTHS,
        rate=RATES,
        by_transform=st.booleans(),
    )
    def pay_out(self, *, which: int, more: list[Any], month: int, rate: D, **how: Any) -> None:
        """A customer refund of memos, payments and deposits, which may hold less, or be another customer's."""
        kinds = ("creditMemo", "customerPayment", "customerDeposit")
        chosen = {self.pick(one, *kinds): share for one, share in [(which, how["part"]), *more]}
        first = next(iter(chosen))
        origin = self.books.documents[first]
        terms = Terms(origin.terms.currency, rate if origin.terms.currency == "EUR" else D(1), month)
        is_deposit = {number: self.books.documents[number].kind == "customerDeposit" for number in chosen}
        asked = [Apply(number, self.part(number, share)) for number, share in chosen.items()]
        wanted = [one for one in asked if not is_deposit[one.to]]
        deposits = [one for one in asked if is_deposit[one.to]]
        body = self.settlement_head(terms)
        body |= {"apply": self.apply_lines(wanted), "deposit": self.apply_lines(deposits)}
        path = f"{origin.kind}/{self.ids[first]}/!transform/customerRefund"
        if not how["by_transform"]:
            path = "customerRefund"
            body |= {"customer": {"id": self.customers[origin.customer]}, "currency": self.currencies[terms.currency]}
        played = self.play(
            f"transform {origin.kind} customerRefund" if how["by_transform"] else "create customerRefund",
            lambda: self.books.pay_out(origin.customer, terms, tuple(wanted), tuple(deposits)),
            lambda: self.net.post(path, body),
        )
        if played is not None:
            (number, parts), reply = played
            applied = self.net.read(f"customerRefund/{reply.id}")["apply"]["items"]
            made = [one["doc"]["id"] for one in applied if one["doc"]["id"] not in self.ids.values()]
            self.ids |= dict(zip(parts, made, strict=True))
            self.keep((number, reply))

    # ---- steps: anything

    @precondition(lambda self: len(self.of()) > MANY)
    @rule(which=WHICH)
    def delete(self, *, which: int) -> None:
        """Delete a document, if nothing depends on it."""
        number = self.pick(which)
        kind = self.books.documents[number].kind
        played = self.play(
            f"delete {kind}",
            lambda: self.books.delete(number),
            lambda: self.net.delete(f"{kind}/{self.ids[number]}"),
        )
        if played is not None:
            gone, _ = played
            self.names = {name: held for name, held in self.names.items() if held not in gone}
            for one in gone:
                del self.ids[one]
            self.compare()

    @precondition(lambda self: len(self.of()) > MANY)
    @rule(month=st.sampled_from([1, 2]), lock=st.sampled_from(["closed", "arLocked"]))
    def shut_or_open(self, *, month: int, lock: str) -> None:
        """A month is closed, or locked for receivables, or opened again."""
        shut = month not in self.books.shut
        changes = {lock: True} if shut else {"closed": False, "arLocked": False}
        assert self.net.patch(f"accountingPeriod/{self.periods[month]}", changes).status == 204
        self.books.shut ^= {month}
        self.counts["shut or open a month"] += 1
        self.counts["steps"] += 1

    # ---- bodies

    def head(self, kind: str, terms: Terms) -> dict[str, Any]:
        """The head of a new sale or refund."""
        body: dict[str, Any] = {
            "currency": self.currencies[terms.currency],
            "exchangeRate": terms.rate,
            "tranDate": day(terms.month),
            "shippingCost": terms.shipping,
        }
        if terms.discounted:
            body["discountItem"] = {"id": self.shop.discount}
        if terms.taxed:
            body["taxItem"] = {"id": self.shop.tax}
        if kind in {"cashSale", "cashRefund"}:
            body["account"] = {"id": self.shop.clearing}
        return body

    def settlement_head(self, terms: Terms) -> dict[str, Any]:
        """The head of a document in which money moves."""
        return {"tranDate": day(terms.month), "exchangeRate": terms.rate, "account": {"id": self.shop.clearing}}

    def lines(self, wishes: list[Wish], key: str) -> dict[str, Any]:
        """The lines of a request."""
        return {"items": [self._line(wish, key) for wish in wishes]}

    def _line(self, wish: Wish, key: str) -> dict[str, Any]:
        said = {
            key: wish.key,
            "item": None if wish.item is None else {"id": self.items[wish.item]},
            "quantity": wish.quantity,
            "amount": wish.amount,
        }
        return {name: value for name, value in said.items() if value is not None}

    def said(self, settling: Settling, name: str | None) -> dict[str, Any]:
        """What a request says about applying, and the name it gives."""
        body: dict[str, Any] = {}
        if name is not None:
            body["externalId"] = name
        if settling.automatic is not None:
            body["autoApply"] = settling.automatic
        if settling.lines:
            body["apply"] = self.apply_lines(list(settling.lines))
        return body

    def apply_lines(self, wanted: list[Apply]) -> dict[str, Any]:
        """The lines of apply or deposit."""
        lines = [{"doc": {"id": self.ids[one.to]}, "apply": one.on} for one in wanted]
        for line, one in zip(lines, wanted, strict=True):
            if one.amount is not None:
                line["amount"] = one.amount
        return {"items": lines}


def day(month: int) -> str:
    """A day of a month."""
    return f"{YEAR}-{month:02}-10"
