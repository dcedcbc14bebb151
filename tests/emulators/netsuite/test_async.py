"""Asynchronous requests and batches: jobs, tasks, results, idempotency keys, partial failure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import urllib3

if TYPE_CHECKING:
    from contract.client import Reply
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
COLLECTION = "application/vnd.oracle.resource+json; type=collection"
ASYNC = {"Prefer": "respond-async"}
RECORD = "/services/rest/record/v1/"


def person(net: NetSuite, name: str, **more: object) -> dict[str, object]:
    """The body of a customer whose name and external id nobody else has."""
    own = net.own(name)
    return {**net.wanted_by_account("customer"), "entityId": own, "companyName": own, "externalId": own.lower(), **more}


def held(net: NetSuite, *names: str) -> list[str]:
    """Which of some people the account holds."""
    wanted = {net.own(name).lower(): name for name in names}
    return [name for own, name in wanted.items() if net.get(f"customer/eid:{own}").status == 200]


def finished(net: NetSuite, reply: Reply) -> Any:
    """The job once it is done; the emulator's is done at once."""
    assert reply.status == 202, reply.content
    for _ in range(100):
        job = follow(net, reply).json
        if job["completed"]:
            return job
        time.sleep(1)
    raise AssertionError(job)


def follow(net: NetSuite, reply: Reply, below: str = "") -> Reply:
    """Ask what a Location leads to, or what is below it."""
    assert reply.headers["Location"].startswith(f"{net.url}/services/rest/async/v1/job/")
    return net.call("GET", reply.headers["Location"].removeprefix(net.url) + below)


def batch(net: NetSuite, method: str, path: str, items: list[dict[str, object]] | None = None, **headers: str) -> Reply:
    """Send a batch."""
    body = None if items is None else {"items": items}
    return net.call(method, RECORD + path, body, **{"Content_Type": COLLECTION, **ASYNC, **headers})


def results(net: NetSuite, reply: Reply) -> list[Reply]:
    """The results of all tasks of a job, each asked for by itself."""
    finished(net, reply)
    listed = follow(net, reply, "/task").json["items"]
    links = [link["href"].removeprefix(net.url) for item in listed for link in item["links"]]
    return [net.call("GET", f"{link}/result") for link in links]


@pytest.mark.stamp("documented")
def test_a_job_and_its_result(net: NetSuite) -> None:
    """202 names the job; job, task and result follow, and the result is what would have been answered at once."""
    reply = net.post("customer", person(net, "Ada"), **ASYNC)
    assert (reply.status, reply.content) == (202, b"")
    assert reply.headers["Preference-Applied"] == "respond-async"
    job = finished(net, reply)
    assert (job["completed"], job["progress"]) == (True, "succeeded")
    assert job["task"]["links"][0]["href"] == f"{reply.headers['Location']}/task"
    task = follow(net, reply, "/task/1").json
    assert (task["completed"], task["progress"]) == (True, "succeeded")
    assert {link["rel"]: link["href"] for link in task["links"]}["related"].endswith("/task/1/result")
    result = follow(net, reply, "/task/1/result")
    assert net.read(f"customer/{result.id}")["entityId"] == net.own("Ada")


@pytest.mark.stamp("documented")
def test_accepted_is_not_done(net: NetSuite) -> None:
    """A job that takes its time is pending; nothing is there until it is done."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    net.sign_in_anew()
    net.control("POST", "governance", {"async_seconds": 30})
    reply = net.post("customer", {"entityId": "Ada", "externalId": "ada"}, **ASYNC)
    assert (follow(net, reply).json["completed"], follow(net, reply).json["progress"]) == (False, "pending")
    assert follow(net, reply, "/task/1/result").status == 400
    assert net.get("customer/eid:ada").status == 404
    net.control("POST", "clock", {"now": "2026-03-05T10:00:30Z"})
    assert follow(net, reply).json["completed"] is True
    assert net.get("customer/eid:ada").status == 200


@pytest.mark.stamp("documented")
def test_a_refused_task_carries_the_refusal(net: NetSuite) -> None:
    """A request that would be refused is accepted all the same; its result is the refusal."""
    reply = net.post("cashRefund", {"memo": "for nobody"}, **ASYNC)
    assert finished(net, reply)["progress"] == "failed"
    result = follow(net, reply, "/task/1/result")
    assert (result.status, result.json["o:errorDetails"][0]["o:errorCode"]) == (400, "USER_ERROR")


@pytest.mark.stamp("documented")
def test_transforms_and_reads_run_as_jobs(net: NetSuite, shop: Shop, line: Line) -> None:
    """A transform and a GET can be asynchronous too."""
    sale = shop.sale(line(shop.card, 10))
    made = results(net, net.post(f"cashSale/{sale}/!transform/cashRefund", {}, **ASYNC))[0]
    assert net.read(f"cashRefund/{made.id}")["createdFrom"]["id"] == sale
    read = results(net, net.call("GET", f"{RECORD}cashSale/{sale}", **ASYNC))[0]
    assert (read.status, read.json["id"]) == (200, sale)


@pytest.mark.stamp("documented")
def test_a_repeated_key_names_the_first_job(net: NetSuite) -> None:
    """A key counts once: the second request does nothing, and its answer leads to the first job."""
    keyed = {**ASYNC, "X_NetSuite_Idempotency_Key": str(uuid4())}
    first = net.post("customer", person(net, "Ada"), **keyed)
    second = net.post("customer", person(net, "Bob"), **keyed)
    error = second.json
    assert (second.status, error["title"], error["o:errorDetails"][0]["o:errorCode"]) == (
        400,
        "Conflict",
        "IDEMPOTENCY_ERROR",
    )
    assert error["type"].endswith("#sec10.4.10")
    assert second.headers["Location"] == first.headers["Location"]
    finished(net, first)
    assert held(net, "Ada", "Bob") == ["Ada"]
    keyed["X_NetSuite_Idempotency_Key"] = str(uuid4())
    assert net.post("customer", person(net, "Bob"), **keyed).status == 202


@pytest.mark.stamp("documented")
def test_a_key_means_nothing_to_a_request_at_once(net: NetSuite) -> None:
    """Without respond-async the key is ignored: the same request creates a second record."""
    key = str(uuid4())
    for name in ("Ada", "Bob"):
        assert net.post("customer", person(net, name), X_NetSuite_Idempotency_Key=key).status == 204
    assert held(net, "Ada", "Bob") == ["Ada", "Bob"]


@pytest.mark.stamp("documented")
def test_a_key_is_a_uuid(net: NetSuite) -> None:
    """A key of another form is refused."""
    reply = net.post("customer", person(net, "Ada"), **ASYNC, X_NetSuite_Idempotency_Key="once")
    assert reply.status == 400
    assert held(net, "Ada") == []


@pytest.mark.stamp("chosen")
def test_a_lost_202_is_found_again_by_its_key(net: NetSuite) -> None:
    """The job runs although nobody heard of it; the same key leads to it."""
    keyed = {**ASYNC, "X_NetSuite_Idempotency_Key": str(uuid4())}
    net.control("POST", "faults", [{"when": "create customer", "do": "commit then drop"}])
    with pytest.raises(urllib3.exceptions.HTTPError):
        net.post("customer", {"entityId": "Ada"}, **keyed)
    again = net.post("customer", {"entityId": "Ada"}, **keyed)
    assert again.status == 400
    assert follow(net, again, "/task/1/result").status == 204


@pytest.mark.stamp("documented")
@pytest.mark.parametrize("below", ["999", "/task/2", "/task/0/result", "x", "/task/1/more"])
def test_unknown_jobs_and_tasks(net: NetSuite, below: Any) -> None:
    """What is no job or no task of it is not found."""
    reply = net.post("customer", person(net, "Ada"), **ASYNC)
    finished(net, reply)
    assert follow(net, reply, below).status == 404


@pytest.mark.stamp("documented")
def test_a_batch_fails_in_part(net: NetSuite, shop: Shop, line: Line) -> None:
    """Each record of a batch is written or refused by itself, and has a result of its own."""
    good = net.wanted_by_account("cashSale") | {
        "entity": {"id": shop.customer},
        "account": {"id": shop.clearing},
        "item": {"items": [line(shop.card, 10)]},
    }
    reply = batch(net, "POST", "cashSale", [good, {"memo": "for nobody"}, good])
    answers = results(net, reply)
    assert [one.status for one in answers] == [204, 400, 204]
    assert finished(net, reply)["progress"] == "failed"
    assert [net.get(f"cashSale/{one.id}").status for one in (answers[0], answers[2])] == [200, 200]


@pytest.mark.stamp("documented")
def test_a_batch_runs_in_order(net: NetSuite) -> None:
    """Of two records with one external id the first is written."""
    twins = [person(net, "Ada", comments="first"), person(net, "Ada", comments="second")]
    answers = results(net, batch(net, "POST", "customer", twins))
    assert [one.status for one in answers] == [204, 400]
    assert net.read(f"customer/{answers[0].id}")["comments"] == "first"


@pytest.mark.stamp("chosen")
@pytest.mark.emulated("NetSuite promises no order in parallel; the emulator keeps to the other one")
def test_a_parallel_batch_has_another_order(net: NetSuite) -> None:
    """In parallel no order can be relied on: the emulator writes the last first."""
    twins = [person(net, "Ada"), person(net, "Ada")]
    reply = batch(net, "POST", "customer", twins, Prefer='respond-async, batch-processing="parallel"')
    assert [one.status for one in results(net, reply)] == [400, 204]


@pytest.mark.stamp("documented")
def test_batches_change_and_upsert(net: NetSuite) -> None:
    """PATCH finds its records by id or external id, the id first; PUT by external id only, and creates."""
    ada, bob = [net.post("customer", person(net, name)).id for name in ("Ada", "Bob")]
    eids = {name: net.own(name).lower() for name in ("Ada", "Bob", "Eve", "Nobody")}
    items: list[dict[str, object]] = [
        {"id": ada, "externalId": eids["Ada"], "comments": "one"},
        {"externalId": eids["Bob"], "comments": "two"},
        {"externalId": eids["Nobody"], "comments": "three"},
    ]
    assert [one.status for one in results(net, batch(net, "PATCH", "customer", items))] == [204, 204, 404]
    assert [net.read(f"customer/{one}")["comments"] for one in (ada, bob)] == ["one", "two"]
    upserts = [{"externalId": eids["Bob"], "comments": "three"}, person(net, "Eve")]
    assert [one.status for one in results(net, batch(net, "PUT", "customer", upserts))] == [204, 204]
    assert net.read(f"customer/{bob}")["comments"] == "three"
    assert held(net, "Eve") == ["Eve"]


@pytest.mark.stamp("documented")
def test_batches_read_and_delete(net: NetSuite) -> None:
    """GET and DELETE list ids and external ids in the address."""
    ada = net.post("customer", person(net, "Ada")).id
    net.post("customer", person(net, "Bob"))
    bob, nobody = net.own("Bob").lower(), net.own("Nobody").lower()
    listed = f"{RECORD}customer?expandRecords=true&ids={ada},eid:{bob},eid:{nobody}"
    read = results(net, net.call("GET", listed, **ASYNC))
    assert [one.status for one in read] == [200, 200, 404]
    assert [one.json["entityId"] for one in read[:2]] == [net.own("Ada"), net.own("Bob")]
    gone = results(net, net.call("DELETE", f"{RECORD}customer?ids={ada},eid:'{bob}'", **ASYNC))
    assert [one.status for one in gone] == [204, 204]
    assert held(net, "Ada", "Bob") == []


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "customer", {"items": [{"entityId": f"C{number}"} for number in range(101)]}),
        ("POST", "customer", {"items": []}),
        ("POST", "customer", {"items": ["Ada"]}),
        ("POST", "customer", [{"entityId": "Ada"}]),
        ("PUT", "customer", {"items": [{"id": "1", "entityId": "Ada"}]}),
        ("PATCH", "customer", {"items": [{"entityId": "Ada"}]}),
        ("POST", "cashSale/1/!transform/cashRefund", {"items": [{}]}),
        ("GET", "customer?ids=1", None),
        ("DELETE", "customer?ids=", None),
    ],
)
def test_refused_batches(net: NetSuite, method: Any, path: Any, body: Any) -> None:
    """More than 100 records, none, a record without what finds it, a transform: the whole batch is refused."""
    before = net.rows("SELECT COUNT(*) AS n FROM customer")
    reply = net.call(method, RECORD + path, body, Content_Type=COLLECTION, **ASYNC)
    assert reply.status == 400, reply.content
    assert net.rows("SELECT COUNT(*) AS n FROM customer") == before


@pytest.mark.stamp("chosen")
def test_a_batch_is_never_answered_at_once(net: NetSuite) -> None:
    """Without respond-async a batch is refused."""
    reply = net.call("POST", f"{RECORD}customer", {"items": [person(net, "Ada")]}, Content_Type=COLLECTION)
    assert reply.status == 400
    assert held(net, "Ada") == []


@pytest.mark.stamp("documented")
def test_names_are_checked_in_each_record_of_a_batch(net: NetSuite) -> None:
    """The headers of a batch hold for each of its records."""
    items = [person(net, "Ada"), person(net, "Bob", shoeSize=43)]
    reply = batch(net, "POST", "customer", items, X_NetSuite_PropertyNameValidation="Error")
    assert [one.status for one in results(net, reply)] == [204, 400]
