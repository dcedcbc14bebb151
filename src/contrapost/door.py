"""What web and API share about a request: the app it is answered with, who asks, and the posts that go on behind it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from contrapost.netsuite.links import record_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from contrapost.app import App
    from contrapost.comparisons import Comparisons
    from contrapost.posts import Posts
    from contrapost.records.rows import PersonRow

APP, POSTS, COMPARISONS = "contrapost.app", "contrapost.posts", "contrapost.comparisons"
"""Where the server puts what it was started with, in the environment of each request."""


def with_app(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: sets `request.contrapost`, the app that this server was started with."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.contrapost = request.META[APP]  # type: ignore[attr-defined] # ours
        return get_response(request)

    return middleware


def app_of(request: HttpRequest) -> App:
    """Gives the app a request is answered with."""
    return cast("App", request.META[APP])


def posts_of(request: HttpRequest) -> Posts:
    """Gives the posts that go on behind the requests of this server."""
    return cast("Posts", request.META[POSTS])


def comparisons_of(request: HttpRequest) -> Comparisons:
    """Gives the comparisons that go on behind the requests of this server."""
    return cast("Comparisons", request.META[COMPARISONS])


def person_of(request: HttpRequest) -> PersonRow | None:
    """Gives who is signed in; None where nobody is."""
    from contrapost.records import people

    user = request.user
    return people.row_of(_itself(user)) if user.is_authenticated else None


def links() -> Callable[[str, str, str], str]:
    """Gives a function for the addresses of NetSuite records, which asks for each NetSuite account once."""
    from contrapost.records import accounts

    settings = cache(lambda netsuite: accounts.netsuite(netsuite).settings)
    return lambda netsuite, record, id_: record_url(settings(netsuite), record, id_)


def link_address(address: str, secret: str) -> str:
    """Gives the address of a link that is used once."""
    return f"{address.rstrip('/')}/welcome/{secret}/"


def _itself(user: object) -> object:
    """Django hands on the user wrapped, to be read when first needed."""
    return getattr(user, "_wrapped", user)
