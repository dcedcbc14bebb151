"""Going back to a backup: all of it stands afterwards, or everything is as it was before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.backups.form import BackupError, Counted, reading
from contrapost.records import renewal, setup, snapshot
from contrapost.records.errors import NotEmptyError, RowsDifferError
from contrapost.vault import KEY_FILE, Vault, VaultError, keep_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contrapost.backups.form import Manifest, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a backup is restored to."""

    database_url: str
    """Of the database that this process is pointed at."""
    home: Path
    key_text: str
    """The keys that the environment says; empty where they are in the home folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, or would be."""

    manifest: Manifest
    opens: bool
    """Whether its secrets can be opened with a key that is there afterwards."""
    brings_key: bool
    """Whether that key is the backup's own, which was not here before."""


def inspect(path: Path, place: Place) -> Restored:
    """Reads a backup through and says what it holds, and whether its secrets can be opened here.

    Raises:
        BackupError: it is none, is damaged, or a newer release made it.
        OSError: it cannot be read.
    """
    with reading(path) as backup:
        return _inspected(backup, place)


def restore(
    path: Path,
    place: Place,
    *,
    replace: bool = False,
    without_key: bool = False,
    tell: Callable[[int], None] = lambda _: None,
) -> Restored:
    """Puts the rows of a backup in place of those that are here, and proves that they are the same.

    Args:
        path: the backup.
        place: where it goes.
        replace: also where there are rows already; these are gone then.
        without_key: also where no key opens its secrets; they have to be entered anew then.
        tell: told after each table how many rows are put in so far.

    Raises:
        BackupError: it is none, is damaged, a newer release made it, or its secrets cannot be opened.
        BusyError: a server or worker is at work here.
        NotEmptyError: there are rows here.
        OtherReleaseError: the database here is of a newer release.
        RowsDifferError: what was put in is not what the backup holds; nothing was changed.
    """
    with reading(path) as backup:
        found = _inspected(backup, place)
        if not replace and renewal.has_rows():
            raise NotEmptyError("There are refunds or accounts here already. --replace puts the backup in their place.")
        if not setup.age().unknown:
            renewal.check_nobody_works()
        if not found.opens and not without_key:
            raise BackupError(_no_key(place))
        with renewal.anew(place.database_url, found.manifest.migration):
            _put(backup, tell)
            if found.brings_key:
                keep_keys(place.home, backup.keys())
    return found


def _inspected(backup: Reader, place: Place) -> Restored:
    manifest = backup.manifest
    if manifest.migration not in setup.age().known:
        raise BackupError(
            f"This backup is of release {manifest.release}, which has tables that this program does not know. Install "
            "that release first."
        )
    backup.check()
    sealed = [text for name in manifest.tables for text in _sealed(backup, name)]
    here = _opens_all(_vault_here(place), sealed)
    brings_key = not here and not place.key_text and _opens_all(_vault_in(backup), sealed)
    return Restored(manifest=manifest, opens=here or brings_key, brings_key=brings_key)


def _put(backup: Reader, tell: Callable[[int], None]) -> None:
    tables = [table for table in snapshot.tables(backup.manifest.migration) if table.name in backup.manifest.tables]
    done = 0
    for table in tables:
        table.put(backup.lines(table.name))
        done += backup.manifest.tables[table.name].rows
        tell(done)
    for table in tables:
        again = Counted(table.lines())
        for _ in again:
            pass
        if again.contents != backup.manifest.tables[table.name]:
            raise RowsDifferError(f"The rows of {table.name} did not come out as they were. Nothing was changed.")
    snapshot.settle(tables)


def _sealed(backup: Reader, table: str) -> list[str]:
    """What a table of the backup keeps sealed."""
    return list(snapshot.column(backup.lines(table), "sealed"))


def _vault_here(place: Place) -> Vault | None:
    """The vault of this place, without making a key where there is none."""
    with suppress(VaultError):
        if place.key_text or (place.home / KEY_FILE).exists():
            return Vault.at(place.home, place.key_text)
    return None


def _vault_in(backup: Reader) -> Vault | None:
    with suppress(VaultError):
        if backup.manifest.with_key:
            return Vault(backup.keys().split())
    return None


def _opens_all(vault: Vault | None, sealed: list[str]) -> bool:
    if not any(sealed):
        return True
    if vault is None:
        return False
    try:
        for text in sealed:
            vault.open(text)
    except VaultError:
        return False
    return True


def _no_key(place: Place) -> str:
    where = "CONTRAPOST_SECRET_KEY" if place.key_text else str(place.home / KEY_FILE)
    return (
        f"The secrets in this backup were sealed with a key that is not here. Put that key into {where}; or, if it is "
        "lost, restore with --without-key and enter the secrets of every account anew."
    )
