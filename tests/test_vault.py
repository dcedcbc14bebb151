"""Secrets are sealed with the first key, opened with any, and nothing shows them."""

from __future__ import annotations

import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from contrapost.vault import KEY_FILE, Vault, VaultError, new_key

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {"token": "s3cret", "key": "-----BEGIN\nü"}
SEAL = """
import sys
from pathlib import Path
from contrapost.vault import Vault
print(Vault.at(Path(sys.argv[1])).seal({"a": "b"}))
"""


def test_what_is_sealed_is_opened() -> None:
    """The same secrets come back, and the sealed text does not show them."""
    vault = Vault([new_key()])

    sealed = vault.seal(SECRETS)

    assert vault.open(sealed) == SECRETS
    assert "s3cret" not in sealed
    assert vault.open("") == {}


def test_keys_are_rotated() -> None:
    """A new key in front seals; the old one opens until all is sealed anew."""
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal(SECRETS)

    again = Vault([new, old]).reseal(sealed)

    assert Vault([new, old]).open(sealed) == Vault([new]).open(again) == SECRETS
    with pytest.raises(VaultError):
        Vault([old]).open(again)


def test_the_wrong_key_says_what_to_do() -> None:
    """So does a text that was changed."""
    sealed = Vault([new_key()]).seal(SECRETS)

    with pytest.raises(VaultError, match="Restore the key"):
        Vault([new_key()]).open(sealed)
    with pytest.raises(VaultError, match="Restore the key"):
        Vault([new_key()]).open("nonsense")


@pytest.mark.parametrize("keys", [[], ["short"], ["é"], [""]])
def test_a_key_that_is_none_is_refused(keys: list[str]) -> None:
    """A vault without a right key is not made."""
    with pytest.raises(VaultError, match="key"):
        Vault(keys)


def test_the_key_is_made_on_first_use(tmp_path: Path) -> None:
    """It is for its owner alone, and the same ever after; nothing else is left beside it."""
    home = tmp_path / "home"
    sealed = Vault.at(home).seal(SECRETS)

    assert Vault.at(home).open(sealed) == SECRETS
    assert stat.S_IMODE((home / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [KEY_FILE]


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    """Whoever comes second takes the key of the first."""
    processes = [
        subprocess.Popen([sys.executable, "-c", SEAL, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(4)
    ]

    sealed = [process.communicate()[0].decode().strip() for process in processes]

    assert [Vault.at(tmp_path).open(one) for one in sealed] == [{"a": "b"}] * 4


def test_a_given_key_is_taken_instead(tmp_path: Path) -> None:
    """The folder is left alone; several keys are parted by commas or lines."""
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal(SECRETS)

    assert Vault.at(tmp_path, f"{new},\n{old}\n").open(sealed) == SECRETS
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"nonsense"])
def test_a_broken_key_file_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    """It is never replaced: the right one may be in a backup."""
    (tmp_path / KEY_FILE).write_bytes(content)

    with pytest.raises(VaultError):
        Vault.at(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    """The path is named."""
    (tmp_path / "home").write_text("")

    with pytest.raises(VaultError, match="home"):
        Vault.at(tmp_path / "home")


def test_a_vault_shows_nothing() -> None:
    """Not even its key."""
    key = new_key()

    assert key not in repr(Vault([key]))
