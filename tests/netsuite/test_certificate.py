"""Certificates: made as NetSuite takes them, kept so that nobody else reads the key, and watched until they end."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from netsuite_server import Server, rows

from contrapost import accounts
from contrapost.app import App, SetUpError
from contrapost.cli.netsuite import command
from contrapost.doctor import examine
from contrapost.netsuite.certificate import KEYS, LONGEST_DAYS, Certificate, make
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import NetSuiteSettings
from contrapost.refunds.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from contrapost.demo.processes import Emulator
    from contrapost.refunds.finding import Finding

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ALGORITHMS = {"rsa-4096": "PS256", "rsa-3072": "PS256", "ec-p256": "ES256", "ec-p384": "ES384", "ec-p521": "ES512"}


def made(key: str = "ec-p256", days: int = LONGEST_DAYS) -> Certificate:
    """A certificate that began at NOW."""
    return make(key, name="books", days=days, now=NOW)


@pytest.mark.parametrize("key", KEYS)
def test_netsuite_can_check_what_the_key_signs(key: str) -> None:
    """Whatever kind of key is chosen, the uploaded certificate verifies the assertion we sign in with."""
    with Server(answers=[rows()]) as server:
        one = made(key)
        settings = NetSuiteSettings(
            account_id="1", url=server.url, client_id="c", certificate_id="kid", private_key=one.private_key
        )
        RestNetSuite(settings, now=NOW.timestamp).rows("SELECT 1", "ask")
        assertion = parse_qs(server.sign_ins[0].body)["client_assertion"][0]
    public = x509.load_pem_x509_certificate(one.certificate.encode()).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    verifier = (RSAKey if key.startswith("rsa") else ECKey).import_key(pem)
    assert jwt.decode(assertion, verifier, algorithms=[ALGORITHMS[key]]).header["kid"] == "kid"


def test_certificate_is_as_netsuite_wants_it() -> None:
    """X.509 version 3, named, of the length asked for, and at most two years long."""
    read = x509.load_pem_x509_certificate(made("rsa-3072").certificate.encode())
    assert read.version is x509.Version.v3
    assert read.subject.rfc4514_string() == "CN=books"
    assert (read.not_valid_before_utc, read.not_valid_after_utc) == (NOW, NOW + timedelta(days=730))
    key = read.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    for days in (0, LONGEST_DAYS + 1):
        with pytest.raises(ValueError, match="1 to 730"):
            made(days=days)


@pytest.mark.parametrize("key", ["rsa-3072", "ec-p384"])
def test_what_the_command_makes_signs_in(app: App, books_process: Emulator, tmp_path: Path, key: str) -> None:
    """Make, upload, add, as the steps say: NetSuite lets us in, and the certificate's end is known."""
    books_process.ask("POST", "reset")
    run(tmp_path, "--key", key)
    certificate = (tmp_path / "contrapost.crt").read_text()
    uploaded = books_process.ask("POST", "certificates", {"certificate": certificate})
    files = {"private_key": (tmp_path / "contrapost.key").read_text(), "certificate": certificate}
    findings = accounts.add_netsuite(app, "books", {**books_process.credentials(), **uploaded, **files})
    assert [found.code for found in findings] == ["netsuite_works", "certificate_lasts"]


def run(folder: Path, *more: str) -> Result:
    """Calls `contrapost netsuite certificate`, for a small key and into a folder of the test."""
    return CliRunner().invoke(command, ["certificate", "--key", "ec-p256", "--to", str(folder), *more])


def test_command_keeps_the_key_to_its_owner_and_never_shows_it(tmp_path: Path) -> None:
    """The key's file is readable by its owner alone; the certificate is shown, the key is not; steps name the files."""
    result = run(tmp_path / "new")
    key, certificate = tmp_path / "new" / "contrapost.key", tmp_path / "new" / "contrapost.crt"
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert certificate.read_text().strip() in result.output
    assert not any(line in result.output for line in key.read_text().splitlines())
    assert re.findall(r"^(\d)\. ", result.output, re.MULTILINE) == ["1", "2", "3", "4"]
    assert f"--set private_key=@{key}" in result.output


def test_command_answers_json_without_the_key(tmp_path: Path) -> None:
    """For scripts: the files, the certificate, its end and the next steps; the key is only in its file."""
    result = run(tmp_path, "--json", "--days", "10", "--name", "books 2")
    said = json.loads(result.output)
    assert set(said) == {"private_key_file", "certificate_file", "certificate", "ends", "next"}
    assert said["private_key_file"] == str(tmp_path / "books 2.key")
    assert "PRIVATE" not in result.output
    assert timedelta(days=9) < datetime.fromisoformat(said["ends"]) - datetime.now(UTC) <= timedelta(days=10)
    assert f"'private_key=@{tmp_path}/books 2.key'" in said["next"][2]


def test_command_writes_over_nothing(tmp_path: Path) -> None:
    """A second call with the same name is refused, and key and certificate of the first stay as they were."""
    run(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    again = run(tmp_path)
    (tmp_path / "contrapost.key").unlink()
    half = run(tmp_path)
    assert (again.exit_code, half.exit_code) == (2, 2)
    assert "is there already" in again.output
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"contrapost.crt": before["contrapost.crt"]}


@pytest.mark.parametrize(
    "more", [("--days", "731"), ("--days", "0"), ("--name", "../x"), ("--name", ""), ("--key", "r")]
)
def test_command_called_wrongly_makes_nothing(tmp_path: Path, more: tuple[str, str]) -> None:
    """Too long a life, a name that leads elsewhere, or an unknown key: exit code 2, and no file."""
    assert run(tmp_path / "new", *more).exit_code == 2
    assert not (tmp_path / "new").exists()


def given(one: Certificate, **more: str) -> dict[str, str]:
    """The settings of an account that signs in with a certificate; nothing listens at its address."""
    here = {"account_id": "1", "url": "http://127.0.0.1:9", "client_id": "c", "certificate_id": "kid"}
    return {**here, "private_key": one.private_key, "certificate": one.certificate, **more}


def of_certificate(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    """What is said of the certificate."""
    return [(found.code, found.severity) for found in findings if found.where == "certificate"]


@pytest.mark.parametrize(
    ("days_before_its_end", "said"),
    [
        (31, ("certificate_lasts", Severity.INFO)),
        (30, ("certificate_ends_soon", Severity.WARNING)),
        (0.5, ("certificate_ends_soon", Severity.WARNING)),
        (0, ("certificate_ended", Severity.ERROR)),
        (-100, ("certificate_ended", Severity.ERROR)),
    ],
)
def test_doctor_tells_30_days_ahead(app: App, days_before_its_end: float, said: tuple[str, Severity]) -> None:
    """From 30 days before its end the doctor warns, with the day; after it, the doctor says that nobody gets in."""
    one = made()
    today = one.ends - timedelta(days=days_before_its_end)
    app = replace(app, now=lambda: today)
    accounts.add_netsuite(app, "books", given(one))
    findings = examine(app)
    assert of_certificate(findings) == [said]
    assert "2028-11-24" in next(found.message for found in findings if found.where == "certificate")


def test_an_end_that_is_not_known_is_told(app: App) -> None:
    """Without the certificate nobody can say when it ends, and the doctor says so; tokens have none."""
    accounts.add_netsuite(app, "books", given(made(), certificate=""))
    tokens = {"consumer_key": "c", "consumer_secret": "c", "token_id": "t", "token_secret": "t"}
    accounts.add_netsuite(app, "old", {"account_id": "1", "url": "http://127.0.0.1:9", **tokens})
    assert of_certificate(examine(app)) == [("certificate_not_known", Severity.INFO)]


def test_files_that_do_not_belong_together_are_not_saved(app: App) -> None:
    """A certificate of another key, or a text that is none, is refused and nothing is saved."""
    for certificate, code in ((made().certificate, "certificate_of_another_key"), ("no certificate", "setting_odd")):
        with pytest.raises(SetUpError) as refused:
            accounts.add_netsuite(app, "books", given(made(), certificate=certificate))
        assert [found.code for found in refused.value.findings] == [code]
    assert accounts.rows.netsuites() == ()


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (rsa.generate_private_key(65537, 2048), "2048 bits"),
        (ec.generate_private_key(ec.SECP256K1()), "does not take"),
    ],
    ids=["RSA 2048", "another curve"],
)
def test_keys_that_netsuite_does_not_take_are_named(
    app: App, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, said: str
) -> None:
    """A key that is too short, or of a curve NetSuite does not know, is told before NetSuite is asked."""
    accounts.add_netsuite(app, "books", given(made(), private_key=_pem(key), certificate=""))
    found = next(found for found in examine(app) if found.where == "private_key")
    assert found.code == "private_key_odd"
    assert said in found.message
