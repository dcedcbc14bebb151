"""The vault: secrets sealed before they are saved, and opened where they are used.

Sealed texts are Fernet tokens (AES-128-CBC with HMAC-SHA256). The first key seals; every key opens, so a new key is put
in front of the old one and the old one goes once everything is sealed anew.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contrapost.log import hide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY_FILE = "secret.key"
"""Under CONTRAPOST_HOME; one key a line, the one that seals first."""


class VaultError(Exception):
    """Secrets cannot be sealed or opened; says what to do."""


class Vault:
    """Seals and opens secrets with the given keys, the first of which seals."""

    __slots__ = ("_fernet", "_keys")

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise VaultError("The vault has no key. Give one, or let Contrapost make one in its home folder.")
        try:
            self._fernet = MultiFernet([Fernet(key.encode()) for key in keys])
            self._keys = tuple(keys)
            hide(keys)
        except ValueError as fault:
            raise VaultError(
                "A key of the vault is not a key: it must be 32 random bytes in URL-safe Base64, as "
                f"`{KEY_FILE}` holds them. Restore it from your backup."
            ) from fault

    @classmethod
    def at(cls, home: Path, key_text: str = "") -> Vault:
        """Gives the vault of a home folder, with a key made on first use; or the vault of the keys in a text.

        Args:
            home: the folder that holds `secret.key`; made if it is not there.
            key_text: keys separated by line ends or commas; the folder is not looked at then.

        Raises:
            VaultError: a key is not a key, or the key file cannot be read or written.
        """
        return cls(_keys(key_text) if key_text.strip() else _keys(_kept_key(home)))

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Gives the secrets as a text that only this vault can open."""
        hide(secrets.values())
        return self._fernet.encrypt(msgspec.json.encode(dict(secrets))).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Gives the secrets that were sealed; of an empty text, none.

        Raises:
            VaultError: none of the keys sealed this text, or it was changed.
        """
        if not sealed:
            return {}
        try:
            secrets = msgspec.json.decode(self._fernet.decrypt(sealed.encode()), type=dict[str, str])
        except InvalidToken as fault:
            raise VaultError(
                "These secrets were sealed with another key. Restore the key that belongs to this database "
                f"(`{KEY_FILE}` in the home folder, or the key you set), or enter the secrets of the account anew."
            ) from fault
        hide(secrets.values())
        return secrets

    def reseal(self, sealed: str) -> str:
        """Gives the same secrets sealed with the first key, so that the keys behind it can go.

        Raises:
            VaultError: none of the keys sealed this text.
        """
        return self.seal(self.open(sealed))

    def spelled_out(self) -> str:
        """Gives the keys themselves, one a line, the one that seals first: to be kept where nobody else reads them."""
        return "".join(f"{key}\n" for key in self._keys)

    def derived(self, purpose: str) -> tuple[str, ...]:
        """Gives a secret for another purpose from each key, the first key's first; none tells anything of its key."""
        return tuple(_derive(key, purpose) for key in self._keys)

    def __repr__(self) -> str:
        return "Vault()"


def new_key() -> str:
    """Makes a key at random."""
    return Fernet.generate_key().decode()


def keep_keys(home: Path, text: str) -> None:
    """Puts keys before those that a home folder has; they seal from then on, and the former ones still open.

    Raises:
        VaultError: the key file cannot be read or written.
    """
    path = home / KEY_FILE
    try:
        former = _keys(path.read_text(encoding="ascii")) if path.exists() else []
        _write(path, "".join(f"{key}\n" for key in dict.fromkeys([*_keys(text), *former])), replace=True)
    except (OSError, UnicodeDecodeError) as fault:
        raise VaultError(f"The key of the vault, {path}, cannot be written: {fault}. Give us access.") from fault


def _derive(key: str, purpose: str) -> str:
    made = HKDF(algorithm=SHA256(), length=48, salt=None, info=f"contrapost {purpose}".encode())
    return urlsafe_b64encode(made.derive(urlsafe_b64decode(key))).decode()


def _keys(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _kept_key(home: Path) -> str:
    path = home / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as fault:
        raise VaultError(f"The key of the vault, {path}, cannot be read or made: {fault}. Give us access.") from fault


def _make_key(path: Path) -> None:
    _write(path, new_key() + "\n")


def _write(path: Path, text: str, *, replace: bool = False) -> None:
    """Writes keys whole under another name and links them into place: of two processes one wins, and both read its."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(draft).replace(path)
        else:
            path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink(missing_ok=True)
