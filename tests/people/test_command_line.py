"""People by the command line: added with a link, listed, given roles, shut out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WORDS = [
    ["people", "add", "ada", "--role", "administrator", "--email", "ada@example.com"],
    ["people", "add", "bob", "--address", "https://refunds.example.com/"],
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with ada, an administrator, and bob, who may read."""
    home = tmp_path_factory.mktemp("home")
    for words in WORDS:
        assert call(home, *words)[0] == 0
    return home


def call(home: Path, *words: str) -> tuple[int, str, str]:
    """Calls the command line: exit code, what it said, what it complained of."""
    environment = {**os.environ, "CONTRAPOST_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", "from contrapost.cli import main; main()", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, done.stdout, done.stderr


def asked(home: Path, *words: str) -> Any:
    """Calls the command line for JSON."""
    code, out, err = call(home, *words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_listed(home: Path) -> None:
    """Everyone stands there with role and state, in words and in JSON."""
    assert asked(home, "people", "list")[0] == {
        "name": "ada",
        "email": "ada@example.com",
        "role": "administrator",
        "active": True,
        "has_password": False,
    }
    assert "bob  Read-only  (invited)" in call(home, "people", "list")[1]


def test_a_link_for_who_is_added(home: Path) -> None:
    """The link begins with the address that people use, and a new one can be had."""
    first = asked(home, "people", "add", "eve", "--address", "https://refunds.example.com/")["link"]
    second = asked(home, "people", "link", "eve")["link"]

    assert first.startswith("https://refunds.example.com/welcome/")
    assert second.startswith("http://localhost:8000/welcome/")


def test_a_role_and_shut_out(home: Path) -> None:
    """Role and state change, and the list says so."""
    assert asked(home, "people", "role", "bob", "manager")["role"] == "manager"
    assert asked(home, "people", "remove", "bob")["active"] is False
    assert "bob  eCommerce manager  (shut out)" in call(home, "people", "list")[1]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["people", "add", "ADA"], 1, "named ada"),
        (["people", "add", "a b"], 1, "letters"),
        (["people", "role", "nobody", "reader"], 1, "no person named nobody"),
        (["people", "role", "ada", "king"], 2, "administrator"),
        (["people", "remove", "nobody"], 1, "no person named nobody"),
        (["people", "token", "nobody"], 1, "no person named nobody"),
        (["people", "token", "bob"], 2, "may not use the API"),
    ],
)
def test_what_cannot_be(home: Path, words: list[str], code: int, says: str) -> None:
    """A wrong call changes nothing and says what is wrong."""
    got, out, err = call(home, *words)

    assert got == code
    assert says in " ".join((out + err).split())
