"""What deploys Contrapost names commands, options, files and variables that there are, and gives it no more."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from contrapost.cli.root import VERBS
from contrapost.records.setup import database_of
from contrapost.vault import Vault

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text()


def _is_a_call(words: list[str]) -> bool:
    """Says whether the command line takes these words; nothing is run."""
    assert words[0] in VERBS
    command: click.Command = import_module(f"contrapost.cli.{words[0]}").command
    command.make_context(words[0], words[1:])
    return True


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_call_what_there_is(unit: Path) -> None:
    """Each unit starts a verb of ours with options it has."""
    started = re.search(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    assert started is not None
    words = shlex.split(started[1].replace("%i", "9464").replace("%%", "%"))
    if words[0] == "/bin/sh":
        words = shlex.split(words[-1].removeprefix("exec "))

    assert words[0] == "/opt/contrapost/.venv/bin/contrapost"
    assert _is_a_call(words[1:])


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(not ANALYZE, reason="systemd is not here")
def test_units_are_understood_by_systemd(tmp_path: Path) -> None:
    """Systemd itself finds nothing to complain of in units and timer."""
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/contrapost/.venv/bin/contrapost", sys.executable)
        (tmp_path / unit.name.replace("@", "@9464")).write_text(text)

    files = sorted(str(path) for path in tmp_path.iterdir() if path.suffix != ".env")
    said = subprocess.run([str(ANALYZE), "verify", *files], capture_output=True, text=True, check=False)

    assert "contrapost" not in said.stderr, said.stderr
    assert said.returncode == 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_give_no_more_than_is_needed(unit: Path) -> None:
    """Not root, nothing written but its own folder, and time to finish what is under way."""
    lines = unit.read_text().splitlines()

    assert {"User=contrapost", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="} <= set(lines)
    assert any(line.startswith("StateDirectory=contrapost") for line in lines)
    assert unit.name == "contrapost-backup.service" or "TimeoutStopSec=120" in lines


def test_services_call_what_there_is() -> None:
    """Each of our services runs a verb of ours, as what the image runs by itself does."""
    for name in ("upgrade", "web", "worker"):
        assert _is_a_call(COMPOSE["services"][name]["command"])
    by_itself = re.search(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert by_itself is not None
    assert _is_a_call([*yaml.safe_load(by_itself[1]), "--address", COMPOSE_ADDRESS])


COMPOSE_ADDRESS = "http://localhost:8000"


def test_services_give_no_more_than_is_needed() -> None:
    """Nothing runs as root or writes to its image, and what serves is asked for its health."""
    for name in ("upgrade", "web", "worker"):
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "healthcheck" in COMPOSE["services"]["database"]
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert "/health/ready" in DOCKERFILE


def test_the_image_is_made_of_files_there_are() -> None:
    """What is copied into the image exists and is not kept from it; the packages come by their hashes."""
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--from)", line)]

    assert {name for names in copied for name in names} <= kept
    assert [name for name in kept if not (ROOT / name).exists()] == []
    assert "--require-hashes" in DOCKERFILE


def test_the_secrets_fit_together(tmp_path: Path) -> None:
    """The script makes each secret the services name: a key the vault takes, and one password in two places."""
    shutil.copy(DEPLOY / "docker" / "make_secrets.sh", tmp_path)
    call = ["sh", str(tmp_path / "make_secrets.sh")]
    subprocess.run(call, check=True, capture_output=True)
    again = subprocess.run(call, check=False, capture_output=True)

    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert {one["file"] for one in COMPOSE["secrets"].values()} == {f"secrets/{name}" for name in made}
    assert Vault.at(tmp_path, made["secret_key"]).open("") == {}
    database = database_of(made["database_url"])
    assert (database["PASSWORD"], database["HOST"], database["NAME"]) == (
        made["database_password"], "database", COMPOSE["services"]["database"]["environment"]["POSTGRES_DB"],
    )  # fmt: skip
    assert len(made["metrics_token"]) >= 32
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert again.returncode == 1


def test_variables_are_those_we_read() -> None:
    """Each variable that a unit, the image or a service sets is one of ours."""
    named = set(COMPOSE["services"]["web"]["environment"])
    for text in (*(unit.read_text() for unit in (DEPLOY / "systemd").iterdir()), DOCKERFILE):
        named |= set(re.findall(r"\b((?:CONTRAPOST|DATABASE)_[A-Z_]+)=", text))
    page = (ROOT / "docs" / "settings.md").read_text()
    read = {name.removesuffix("_FILE") for name in named}

    assert read
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []
