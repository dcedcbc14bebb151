"""The client over real sockets: what was sent, and what is known afterwards."""

from __future__ import annotations

import datetime as dt
import json
import socket
from decimal import Decimal
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from builders import draft
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from netsuite_server import GARBAGE, RESET, Server, refusal, reply, rows

from contrapost.netsuite.answers import NetSuiteError, Refused, Unknown, Written
from contrapost.netsuite.client import MAX_PAGES, RestNetSuite
from contrapost.netsuite.hearing import listen
from contrapost.netsuite.settings import NetSuiteSettings
from contrapost.netsuite.suiteql import question, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASH = draft("cp-myshop-9001-cr-512")
HERE = "https://1.suitetalk.api.netsuite.com/services/rest/record/v1/cashRefund"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without encryption."""
    with Server() as running:
        yield running


def client(url: str, pauses: list[float] | None = None) -> RestNetSuite:
    """A client that signs each call by itself and notes its pauses instead of taking them."""
    settings = NetSuiteSettings(
        account_id="1", url=url, consumer_key="ck", consumer_secret="cs", token_id="ti", token_secret="ts"
    )
    return RestNetSuite(settings, now=lambda: 1_700_000_000.0, sleep=(pauses if pauses is not None else []).append)


def test_write_is_a_transform_that_keeps_only_named_lines(server: Server) -> None:
    """A cash refund is sent once, as a transform of its sale that replaces the lines, and its id is read."""
    server.answers = [reply(204, Location=f"{HERE}/9123")]
    made = draft("cr")
    answer = client(server.url).write(made, {"externalId": "cr"})
    assert isinstance(answer, Written)
    assert answer.id == "9123"
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/services/rest/record/v1/cashSale/512/!transform/cashRefund")
    assert request.headers["x-netsuite-propertynamevalidation"] == "Error"


def test_amounts_are_sent_with_exactly_their_digits(server: Server) -> None:
    """12.50 is sent as 12.50 and a rate of eight decimals with all of them: never as a binary number."""
    server.answers = [reply(204, Location=f"{HERE}/1")]
    body = {"amount": Decimal("12.50"), "rate": Decimal("0.10000001"), "many": Decimal("12345678901234567.89")}
    client(server.url).write(CASH, body)
    assert server.requests[0].body == '{"amount":12.50,"rate":0.10000001,"many":12345678901234567.89}'


def test_each_way_to_write_has_its_call(server: Server) -> None:
    """Create, transform, change and upsert go to NetSuite's own addresses, each once, with the sublists to replace."""
    server.answers = [reply(204, Location=f"{HERE}/7") for _ in range(4)]
    net = client(server.url)
    answers = [
        net.create("customerRefund", {"memo": "a"}, what="create"),
        net.transform("invoice", "12", "creditMemo", {}, replace=("item", "apply"), what="transform"),
        net.patch("creditMemo", "eid:cm-1", {"memo": None}, replace=("apply",), what="patch"),
        net.upsert("creditMemo", "cm-1", {}, what="upsert"),
    ]
    assert [isinstance(answer, Written) and answer.id for answer in answers] == ["7"] * 4
    assert [
        (request.method, request.path.removeprefix("/services/rest/record/v1/")) for request in server.requests
    ] == [
        ("POST", "customerRefund"),
        ("POST", "invoice/12/!transform/creditMemo?replace=item,apply"),
        ("PATCH", "creditMemo/eid:cm-1?replace=apply"),
        ("PUT", "creditMemo/eid:cm-1"),
    ]
    assert server.requests[2].body == '{"memo":null}'


@pytest.mark.parametrize("write", ["create", "transform", "patch", "upsert"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (RESET, Unknown),
        (refusal(500, "An unexpected error occurred."), Unknown),
        (refusal(429, "Concurrent request limit exceeded."), Refused),
        (refusal(400, "Record has been changed", "RCRD_HAS_BEEN_CHANGED"), Refused),
    ],
    ids=["reset", "500", "429", "400"],
)
def test_every_way_to_write_knows_three_answers(server: Server, write: str, answer: bytes, kind: type) -> None:
    """POST, PATCH and PUT alike: written, refused or unknown, and never sent again by the client."""
    server.answers = [answer]
    net = client(server.url)
    ways = {
        "create": lambda: net.create("creditMemo", {}, what="create it"),
        "transform": lambda: net.transform("invoice", "12", "creditMemo", {}, what="create it"),
        "patch": lambda: net.patch("creditMemo", "12", {}, what="create it"),
        "upsert": lambda: net.upsert("creditMemo", "cm", {}, what="create it"),
    }
    said = ways[write]()
    assert isinstance(said, kind)
    assert "create it" in said.finding.message
    assert len(server.requests) == 1


def test_ids_stay_within_their_place_in_the_address(server: Server) -> None:
    """An id that holds a slash or a question mark cannot lead anywhere else."""
    server.answers = [refusal(404, "The record instance does not exist.", "NONEXISTENT_ID")]
    assert client(server.url).get("creditMemo", "eid:a/../b?x=1") is None
    assert server.requests[0].path == "/services/rest/record/v1/creditMemo/eid:a%2F..%2Fb%3Fx%3D1"


def test_record_is_read_exactly(server: Server) -> None:
    """Numbers of a record are read as they are written, never as binary numbers."""
    server.answers = [reply(200, '{"id": "9", "total": 0.30, "rate": 0.10000001}')]
    assert client(server.url).get("creditMemo", "9", expand=True) == {
        "id": "9",
        "total": Decimal("0.30"),
        "rate": Decimal("0.10000001"),
    }
    assert server.requests[0].path.endswith("/creditMemo/9?expandSubResources=true")


def test_answer_that_never_ends_is_not_cut(server: Server) -> None:
    """A question with more rows than NetSuite gives is an error, never a part taken for the whole."""
    server.answers = [rows({"id": 1}, more=True)] * MAX_PAGES
    with pytest.raises(NetSuiteError, match="100,000 rows") as raised:
        client(server.url).rows("SELECT id FROM t", "read the bills")
    assert not raised.value.retryable


def test_many_records_are_read_back_in_several_questions(server: Server) -> None:
    """NetSuite takes 1,000 values in a list, so 1,500 records are two questions."""
    server.answers = [rows(), rows()]
    client(server.url).read_back({str(number): CASH for number in range(1500)})
    asked = [json.loads(request.body)["q"] for request in server.requests]
    assert [question.split("t.id IN")[1].count("'") // 2 for question in asked] == [1000, 500]


def test_an_answer_that_repeats_our_secrets_is_kept_without_them(server: Server) -> None:
    """Some proxy that echoes the request: neither the finding nor what is kept of the call holds our secrets."""
    settings = NetSuiteSettings(
        account_id="1",
        url=server.url,
        consumer_key="ck",
        consumer_secret="consumer-secret-1",
        token_id="ti",
        token_secret="token-secret-1",
    )
    echo = "consumer-secret-1 and token-secret-1"
    server.answers = [refusal(400, echo), refusal(400, echo)]
    net = RestNetSuite(settings, now=lambda: 1_700_000_000.0)

    answer = net.write(CASH, {"externalId": "x"})
    heard = listen(lambda: net.get("cashRefund", "1"))

    assert isinstance(answer, Refused)
    assert heard.problem
    kept = [answer.exchange.received, answer.finding.message]
    kept += [heard.exchanges[0].received, heard.problem.finding.message]
    assert all("(hidden) and (hidden)" in text and "secret-1" not in text for text in kept)


def test_the_calls_of_a_look_are_heard_with_their_request_id(server: Server) -> None:
    """Asked again while NetSuite is busy: both calls are heard, each with what NetSuite's support finds it by."""
    named = refusal(404, "none").replace(b"Connection", b"X-N-OperationId: op-2\r\nConnection")
    server.answers = [reply(503, "", X_N_OperationId="op-1"), named]
    heard = listen(lambda: client(server.url).get("cashRefund", "1"))
    assert (heard.told, heard.problem) == (None, None)
    assert [(one.status, one.request_id) for one in heard.exchanges] == [(503, "op-1"), (404, "op-2")]


def test_nobody_listening_means_not_sent() -> None:
    """Where no connection can be made, nothing was sent, and the same call may be made again."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    answer = client(f"http://127.0.0.1:{port}").write(CASH, {})
    assert isinstance(answer, Refused)
    assert answer.retryable
    assert answer.finding.code == "netsuite_unreachable"
    assert "nothing was sent" in answer.finding.message


@pytest.mark.parametrize(
    "answer",
    [
        RESET,
        b"",
        b"HTTP/1.1 204 X\r\nLoca",
        b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{}",
        b"\x00\x01\x02 not http\r\n\r\n",
        reply(204),
        reply(202, Location="https://1.suitetalk.api.netsuite.com/services/rest/async/v1/job/5"),
        reply(200, Location=f"{HERE}/abc"),
        reply(500),
        refusal(500, "An unexpected error occurred."),
        reply(502, "<html>Bad gateway</html>"),
        reply(403, "<html>Some proxy's own page</html>"),
        reply(302, Location="https://elsewhere.example/1"),
        b"HTTP/1.1 204 X\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    ],
    ids=[
        "reset",
        "closed",
        "cut in the head",
        "cut in the body",
        "not HTTP",
        "written, but no id",
        "a job, not a record",
        "an id that is none",
        "500",
        "500 of NetSuite",
        "502 of a gateway",
        "403 of a proxy",
        "redirect",
        "not text",
    ],
)
def test_unclear_answers_are_unknown_and_sent_once(server: Server, answer: bytes) -> None:
    """Once a write was sent, anything but NetSuite's own yes or no leaves it unknown, and it is not sent again."""
    server.answers = [answer]
    assert isinstance(client(server.url).write(CASH, {}), Unknown)
    assert len(server.requests) == 1


def test_refusal_says_netsuites_words_and_field(server: Server) -> None:
    """A refusal carries what NetSuite said, where, and what was kept of the call."""
    server.answers = [refusal(400, "Invalid Field Value 9999 for: item.", "INVALID_CONTENT", "item.items[0].item")]
    answer = client(server.url).write(CASH, {"externalId": "x"})
    assert isinstance(answer, Refused)
    assert not answer.retryable
    assert "Invalid Field Value 9999" in answer.finding.message
    assert answer.finding.where == "item.items[0].item"
    assert (answer.exchange.status, answer.exchange.sent) == (400, '{"externalId":"x"}')


def test_secrets_stay_out_of_what_is_kept(server: Server) -> None:
    """What an attempt keeps of a call has neither signature nor key in it."""
    server.answers = [refusal(400, "No.")]
    answer = client(server.url).write(CASH, {})
    assert "oauth_signature" in server.requests[0].headers["authorization"]
    assert "oauth" not in repr(answer).lower()


def test_question_is_asked_again_while_netsuite_is_away(server: Server) -> None:
    """A question changes nothing, so a reset, a 500 and a busy NetSuite are each asked again after a pause."""
    server.answers = [RESET, reply(500), refusal(429, "Concurrent request limit exceeded."), rows({"id": 1})]
    pauses: list[float] = []
    assert client(server.url, pauses).rows("SELECT id FROM t", "read") == [{"id": "1"}]
    assert len(pauses) == 3
    assert server.requests[0].headers["prefer"] == "transient"


def test_question_that_is_never_answered_says_so(server: Server) -> None:
    """A question that fails four times raises one error, in plain words, that may be tried again."""
    server.answers = [reply(503)] * 4
    with pytest.raises(NetSuiteError, match="read the lists") as raised:
        client(server.url).rows("SELECT 1", "read the lists")
    assert raised.value.retryable


def test_all_pages_are_read(server: Server) -> None:
    """An answer of several pages is read to its end, and nulls and links are left out."""
    server.answers = [rows({"id": 1}, more=True), rows({"id": 2, "name": "x"})]
    assert client(server.url).rows("SELECT id FROM t", "read") == [{"id": "1"}, {"id": "2", "name": "x"}]
    assert [request.path.rpartition("?")[2] for request in server.requests] == [
        "limit=1000&offset=0",
        "limit=1000&offset=1000",
    ]


def test_found_record_is_read_exactly(server: Server) -> None:
    """A record that stands is found by its external id, with its total to the cent."""
    server.answers = [
        reply(200, '{"id": "9", "tranId": "CR1", "externalId": "cr", "total": 0.30, "createdFrom": {"id": "512"}}')
    ]
    found = client(server.url).find(CASH)
    assert found is not None
    assert (found.id, found.total.text, found.created_from, found.voided) == ("9", "0.30", "512", False)
    assert server.requests[0].path == "/services/rest/record/v1/cashRefund/eid:cp-myshop-9001-cr-512"


def test_not_found_only_when_netsuite_says_so(server: Server) -> None:
    """A record stands nowhere only if NetSuite itself says so."""
    server.answers = [refusal(404, "The record instance does not exist.", "NONEXISTENT_ID")]
    assert client(server.url).find(CASH) is None


@pytest.mark.parametrize(
    "answer",
    [reply(404, "<html>Not found</html>"), reply(404), refusal(400, "Transaction type specified is incorrect.")],
    ids=["a proxy's page", "nothing", "another record"],
)
def test_other_answers_are_no_proof_of_absence(server: Server, answer: bytes) -> None:
    """A 404 that is not NetSuite's own, or any other refusal, does not prove that a record is absent."""
    server.answers = [answer] * 4
    with pytest.raises(NetSuiteError):
        client(server.url).find(CASH)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_untrusted_certificate_means_not_sent(tmp_path: Path) -> None:
    """A server whose certificate is not trusted never gets to see the call."""
    with Server(certificate=_certificate(tmp_path)) as server:
        answer = client(server.url).write(CASH, {})
    assert isinstance(answer, Refused)
    assert "certificate is not trusted" in answer.finding.message
    assert not server.requests


def test_encryption_that_breaks_after_sending_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An encrypted connection that breaks once the call was sent leaves the outcome unknown, not refused."""
    path = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with Server(certificate=path, answers=[GARBAGE]) as server:
        answer = client(server.url).write(CASH, {})
        assert len(server.requests) == 1
    assert isinstance(answer, Unknown)


def test_encrypted_answer_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a trusted encrypted connection a write is answered as over any other."""
    path = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with Server(certificate=path, answers=[reply(204, Location=f"{HERE}/9")]) as server:
        answer = client(server.url).write(CASH, {"a": 1})
    assert isinstance(answer, Written)
    assert json.loads(server.requests[0].body) == {"a": 1}


def test_values_that_look_like_parts_of_a_question_stay_values() -> None:
    """What stands in a value is never filled in, and a quote never ends it."""
    said = question("items", names=quoted_list([":ids", "O'Hara"]), ids="7")
    assert "itemid IN (':ids', 'O''Hara') OR id IN (7)" in said
    with pytest.raises(KeyError):
        question("items", names="NULL")
