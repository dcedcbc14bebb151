"""The commands on the page about running Contrapost do what it says, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import connection

from contrapost.cli.root import root

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
RUN_FOR_LONG = {"web", "worker"}
"""Verbs that do not end by themselves; tests of their own start them."""


def calls() -> list[list[str]]:
    """The calls in the page's blocks, in their order."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    found = [shlex.split(line)[1:] for line in lines if line.startswith("contrapost ")]
    return [words for words in found if words[0] not in RUN_FOR_LONG]


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of its own, and a folder to write into."""
    monkeypatch.setenv("CONTRAPOST_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    connection.close()


@pytest.mark.usefixtures("at_home")
def test_the_commands_of_the_page_run() -> None:
    """People come and go, a backup is made, checked and restored, and an upgrade finds nothing to do."""
    CliRunner().invoke(root, ["people", "add", "ada", "--role", "administrator"], catch_exceptions=False)

    said = {" ".join(words): CliRunner().invoke(root, words, catch_exceptions=False) for words in calls()}

    assert {call: done.output for call, done in said.items() if done.exit_code} == {}
    verbs = {call.split()[0] for call in said}
    assert {"people", "backup", "restore", "upgrade"} <= verbs
    assert "compared one by one" in said["restore --check contrapost-monday.backup"].output
    assert "of this release already" in said["upgrade"].output
