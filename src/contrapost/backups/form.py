"""The file of a backup: a zip of a manifest, a file of JSON lines for each table, and the key where it is asked for.

It is the same whatever the database, so that a backup made of SQLite can be restored into PostgreSQL.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from contextlib import contextmanager
from datetime import datetime  # noqa: TC003 - msgspec reads it
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MANIFEST, _KEY = "manifest.json", "secret.key"
_FORM = 1
_QUICKLY = 1
"""How hard the rows are pressed: what is gained beyond this is little, and slow."""


class BackupError(Exception):
    """A backup cannot be made, or cannot be restored; says what to do."""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What one table's file holds."""

    rows: int
    sha256: str
    """Of its lines."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is."""

    form: int = _FORM
    made_at: datetime
    release: str
    """Of the program that made it."""
    database: str
    """The kind it was made of."""
    migration: str
    """The last one that made its tables."""
    tables: dict[str, Contents]
    with_key: bool

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return sum(contents.rows for contents in self.tables.values())


class Writer:
    """A backup being written; it stands under its name only once it is whole."""

    def __init__(self, into: zipfile.ZipFile) -> None:
        self._into = into
        self.tables: dict[str, Contents] = {}

    def put(self, name: str, lines: Iterable[bytes]) -> None:
        """Writes a table: the line that names its columns, then its rows."""
        counted = Counted(lines)
        with self._into.open(_member(name), "w", force_zip64=True) as file:
            for line in counted:
                file.write(line)
        self.tables[name] = counted.contents

    def finish(self, manifest: Manifest, keys: str) -> None:
        """Writes what the backup is, and the keys where they go with it."""
        if manifest.with_key:
            self._into.writestr(_KEY, keys)
        self._into.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


class Counted:
    """Lines on their way, counted and digested; the first one names columns and is not counted."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._rows = -1
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self._digest.update(line)
            self._rows += 1
            yield line

    @property
    def contents(self) -> Contents:
        """What has passed so far."""
        return Contents(rows=self._rows, sha256=self._digest.hexdigest())


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Writes a backup beside its place and puts it there once the block ends well. Only its owner may read it.

    Raises:
        BackupError: something of this name is there already.
        OSError: it cannot be written there.
    """
    if path.exists():
        raise BackupError(f"{path} is there already and is not overwritten. Name another file.")
    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY) as into:
                yield Writer(into)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError as fault:
        raise BackupError(f"{path} came to be there meanwhile and is not overwritten. Name another file.") from fault
    finally:
        draft.unlink(missing_ok=True)


class Reader:
    """A backup that was opened, and whose manifest was read."""

    def __init__(self, file: zipfile.ZipFile, path: Path) -> None:
        self._file, self._path = file, path
        self.manifest = self._manifest()

    def keys(self) -> str:
        """Gives the keys that go with it; empty where none do."""
        return self._file.read(_KEY).decode() if self.manifest.with_key else ""

    def lines(self, name: str) -> Iterator[bytes]:
        """Gives a table's lines.

        Raises:
            BackupError: the file is damaged.
        """
        try:
            with self._file.open(_member(name)) as file:
                yield from file
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as fault:
            raise self._damaged() from fault

    def check(self) -> None:
        """Reads all of it and compares it with what the manifest says.

        Raises:
            BackupError: the file is damaged.
        """
        for name, contents in self.manifest.tables.items():
            counted = Counted(self.lines(name))
            for _ in counted:
                pass
            if counted.contents != contents:
                raise self._damaged()

    def _manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(self._file.read(_MANIFEST), type=Manifest)
        except (KeyError, msgspec.MsgspecError, zipfile.BadZipFile, zlib.error) as fault:
            raise BackupError(f"{self._path} is no backup of Contrapost, or it is damaged.") from fault
        if manifest.form != _FORM:
            raise BackupError(f"{self._path} was made by a newer release ({manifest.release}). Install that one first.")
        return manifest

    def _damaged(self) -> BackupError:
        return BackupError(f"{self._path} is damaged: it does not hold what was written to it. Take another backup.")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Opens a backup.

    Raises:
        BackupError: it is none, it is damaged, or a newer release made it.
        OSError: it cannot be read.
    """
    try:
        file = zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise BackupError(f"{path} is no backup of Contrapost, or it is damaged.") from fault
    with file:
        yield Reader(file, path)


def _member(table: str) -> str:
    return f"rows/{table}.jsonl"
