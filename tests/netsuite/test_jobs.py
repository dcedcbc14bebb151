"""Records written together: taken in is not written, each may fail by itself, and none is written twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from builders import draft as made_from_a_sale
from builders import usd
from netsuite_server import RESET, Server, refusal, reply, rows

from contrapost.netsuite.answers import Refused, Unknown, Written
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.drafts import Draft, RecordType
from contrapost.netsuite.settings import NetSuiteSettings, read_settings

if TYPE_CHECKING:
    from contrapost.demo.processes import Emulator
    from contrapost.netsuite.answers import Answer

JOB = "https://1.suitetalk.api.netsuite.com/services/rest/async/v1/job/5"
TAKEN_IN = reply(202, Location=JOB, Preference_Applied="respond-async")
DONE = reply(200, {"id": "5", "completed": True, "progress": "succeeded"})
GOING_ON = reply(200, {"id": "5", "completed": False, "progress": "pending"})


def memo(number: int, customer: str = "ada", total: str = "10.00") -> tuple[Draft, dict[str, Any]]:
    """A credit memo that stands alone."""
    name = f"cp-shop-{number}-CM-1"
    line = {"item": {"externalId": "card"}, "quantity": 1, "amount": 10}
    body = {"externalId": name, "entity": {"externalId": customer}, "item": {"items": [line]}}
    draft = Draft(record=RecordType.CREDIT_MEMO, external_id=name, source=None, replace=(), body=body, total=usd(total))
    return draft, body


# ---- against the emulator


@pytest.fixture
def books(books_process: Emulator) -> Emulator:
    """An account with a customer and a card."""
    books_process.ask("POST", "reset")
    seeds = [
        {"type": "customer", "body": {"externalId": "ada", "companyName": "Ada"}},
        {"type": "nonInventorySaleItem", "body": {"externalId": "card", "itemId": "CARD"}},
    ]
    books_process.ask("POST", "seed", seeds)
    return books_process


def net_of(books: Emulator) -> RestNetSuite:
    """A client that writes together what can be."""
    settings, _ = read_settings({**books.credentials(), "batches": "yes"})
    assert settings is not None
    return RestNetSuite(settings, sleep=lambda _: None)


def calls_of(books: Emulator) -> list[str]:
    """The calls that were made, those for a token left out."""
    said = books.ask("GET", "journal")["requests"]
    return [f"{one['method']} {one['path'].partition('/v1/')[2]}" for one in said if "/auth/" not in one["path"]]


def standing(books: Emulator) -> dict[str, str]:
    """The memos that stand: their ids by their external ids."""
    found = net_of(books).rows("SELECT id, externalid FROM transaction WHERE type = 'CustCred'", "look")
    return {row["externalid"].lower(): row["id"] for row in found}


def test_many_records_are_four_calls(books: Emulator) -> None:
    """Thirty memos: handed in, asked for, found with one question. Each answer has the id of its own record."""
    wanted = [memo(number) for number in range(30)]
    answers = net_of(books).write_together(wanted)
    assert calls_of(books) == ["POST creditMemo", "GET job/1", "POST suiteql?limit=1000&offset=0"]
    ids = standing(books)
    assert [isinstance(answer, Written) and answer.id for answer in answers] == [
        ids[draft.external_id.lower()] for draft, _ in wanted
    ]


def test_one_that_fails_keeps_no_other_back(books: Emulator) -> None:
    """Of three memos the second names nobody: it is refused in its own words, and the others are written."""
    first, second, third = net_of(books).write_together([memo(1), memo(2, customer="nobody"), memo(3)])
    assert isinstance(first, Written)
    assert isinstance(third, Written)
    assert isinstance(second, Refused)
    assert "write credit memo cp-shop-2-CM-1" in second.finding.message
    assert second.exchange.sent == json.dumps(memo(2, customer="nobody")[1], separators=(",", ":"))
    assert sorted(standing(books)) == ["cp-shop-1-cm-1", "cp-shop-3-cm-1"]


@pytest.mark.parametrize("do", ["commit then drop", "drop", "500 after commit", "500 before commit", "truncated"])
def test_lost_answer_is_asked_for_again_under_the_same_key(books: Emulator, do: str) -> None:
    """Whether they were taken in or not: handed in again under one key, they are written once."""
    books.ask("POST", "faults", [{"when": "create creditMemo", "do": do}])
    answers = net_of(books).write_together([memo(1), memo(2)])
    assert all(isinstance(answer, Written) for answer in answers), answers
    assert len(standing(books)) == 2


def test_job_that_takes_its_time_is_waited_for(books: Emulator) -> None:
    """Taken in is not written: until the job is done nothing is said to stand."""
    books.ask("POST", "governance", {"async_seconds": 60})
    pauses: list[float] = []
    settings, _ = read_settings({**books.credentials(), "batches": "yes"})
    assert settings is not None

    def a_minute_later(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            later = datetime.now(UTC) + timedelta(minutes=2)
            books.ask("POST", "clock", {"now": later.isoformat()})

    answers = RestNetSuite(settings, sleep=a_minute_later).write_together([memo(1)])
    books.ask("POST", "clock", {})
    assert [type(answer) for answer in answers] == [Written]
    assert pauses == [0.5, 1.0, 2.0]


def test_only_what_stands_alone_is_written_together(books: Emulator) -> None:
    """A transform is a call of its own; and without the setting so is every record."""
    draft, _ = memo(1)
    settings, _ = read_settings(books.credentials())
    assert settings is not None
    assert net_of(books).most_together(draft) == 100
    assert RestNetSuite(settings).most_together(draft) == 1
    assert net_of(books).most_together(made_from_a_sale("cr")) == 1


def test_the_setting_is_yes_or_no(books: Emulator) -> None:
    """Anything else is told, and nothing is guessed."""
    settings, findings = read_settings({**books.credentials(), "batches": "perhaps"})
    assert settings is None
    assert [(found.code, found.where) for found in findings] == [("setting_odd", "batches")]


# ---- against answers made up byte for byte


def together(server: Server, clock: list[float] | None = None) -> list[Answer]:
    """What two memos are answered by a server of the test's own."""
    tokens = {"consumer_key": "ck", "consumer_secret": "cs", "token_id": "ti", "token_secret": "ts"}
    net = RestNetSuite(NetSuiteSettings(account_id="1", url=server.url, batches="yes", **tokens), sleep=lambda _: None)
    if clock is not None:
        net._jobs._clock = lambda: clock.pop(0) if len(clock) > 1 else clock[0]
    return net.write_together([memo(1), memo(2)])


def test_how_records_are_handed_in() -> None:
    """One collection, as a job, under a key of its own."""
    found = rows({"id": "7", "externalid": "cp-shop-1-cm-1"}, {"id": "8", "externalid": "CP-SHOP-2-CM-1"})
    with Server(answers=[TAKEN_IN, DONE, found]) as server:
        answers = together(server)
    sent = server.requests[0]
    assert (sent.method, sent.path) == ("POST", "/services/rest/record/v1/creditMemo")
    assert sent.headers["prefer"] == "respond-async"
    assert sent.headers["content-type"] == "application/vnd.oracle.resource+json; type=collection"
    assert len(sent.headers["x-netsuite-idempotency-key"]) == 36
    assert [one["externalId"] for one in json.loads(sent.body)["items"]] == ["cp-shop-1-CM-1", "cp-shop-2-CM-1"]
    assert [isinstance(answer, Written) and answer.id for answer in answers] == ["7", "8"]


def test_account_that_takes_no_collections_gets_one_by_one() -> None:
    """An account that refuses the collection has carried out nothing of it, and is sent each record by itself."""
    here = "https://1.suitetalk.api.netsuite.com/services/rest/record/v1/creditMemo"
    single = [reply(204, Location=f"{here}/{number}") for number in (7, 8)]
    with Server(answers=[refusal(400, "Unsupported media type."), *single]) as server:
        answers = together(server)
    assert [isinstance(answer, Written) and answer.id for answer in answers] == ["7", "8"]
    assert "prefer" not in server.requests[1].headers


def test_busy_account_is_asked_later() -> None:
    """Turned away together, each may be sent again later."""
    with Server(answers=[refusal(429, "Concurrent request limit exceeded.")]) as server:
        answers = together(server)
    assert all(isinstance(answer, Refused) and answer.retryable for answer in answers)


@pytest.mark.parametrize(
    "answers",
    [
        [RESET] * 3,
        [TAKEN_IN, refusal(404, "The job does not exist.", "NONEXISTENT_ID")],
        [TAKEN_IN, DONE, *[reply(503)] * 4],
        [TAKEN_IN, DONE, rows(), *[refusal(404, "No such task.", "NONEXISTENT_ID")] * 2],
        [TAKEN_IN, DONE, rows(), *[reply(204, Location="https://x/services/rest/record/v1/creditMemo/7")] * 2],
    ],
    ids=["never taken in", "no such job", "no search", "no such task", "written, not shown yet"],
)
def test_what_is_not_clear_is_looked_up(answers: list[bytes]) -> None:
    """Where the job does not say what came of a record, nobody knows: it is looked up by itself before it is resent."""
    with Server(answers=answers) as server:
        assert [type(answer) for answer in together(server)] == [Unknown, Unknown]


def test_job_that_never_ends_is_not_waited_for_ever() -> None:
    """After a quarter of an hour nobody waits any more; whether the records stand is looked up later."""
    with Server(answers=[TAKEN_IN, GOING_ON, GOING_ON, GOING_ON]) as server:
        answers = together(server, [0.0, 1.0, 800.0, 901.0])
    assert [type(answer) for answer in answers] == [Unknown, Unknown]
