"""One HTTP call to NetSuite: sent, or not; answered, or not. Nothing is ever sent twice here."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 10
ANSWER_SECONDS = 15 * 60 + 30
"""NetSuite itself ends a synchronous call after 15 minutes; giving up earlier would leave the outcome open."""


class NotSentError(Exception):
    """The call never left this machine: NetSuite does not know of it."""


class NoAnswerError(Exception):
    """The call was sent and no whole answer came back: NetSuite may have carried it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    text: str


class Wire:
    """A pool of connections to one NetSuite account. Safe to share between threads."""

    def __init__(self, *, connections: int = 50) -> None:
        self._pool = urllib3.PoolManager(maxsize=connections, block=True, retries=False)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """Sends one call and waits for its answer.

        Raises:
            NotSentError: no connection could be made.
            NoAnswerError: the connection broke, or the answer was not whole or not text.
        """
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        try:
            answer = self._pool.request(method, url, headers=dict(headers), body=body, timeout=timeout, redirect=False)
            text = answer.data.decode("utf-8")
        except (NewConnectionError, ConnectTimeoutError, NameResolutionError) as problem:
            raise NotSentError(_words(problem)) from problem
        except SSLError as problem:
            raise (NotSentError if _is_untrusted(problem) else NoAnswerError)(_words(problem)) from problem
        except (HTTPError, UnicodeDecodeError) as problem:
            raise NoAnswerError(_words(problem)) from problem
        names = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(status=answer.status, headers=names, text=text)


def _is_untrusted(problem: SSLError) -> bool:
    """Says whether the certificate was turned down, before anything was sent; encryption may break later, too."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in problem.args)


_WORDS = (
    (NameResolutionError, "there is no such host"),
    (NewConnectionError, "nothing answers there"),
    (ConnectTimeoutError, f"no connection within {CONNECT_SECONDS} s"),
    (SSLError, "the encrypted connection broke"),
    (ReadTimeoutError, "no answer in time"),
    (ProtocolError, "the connection broke before the whole answer came"),
    (UnicodeDecodeError, "the answer is not text"),
)


def _words(problem: Exception) -> str:
    if isinstance(problem, SSLError) and _is_untrusted(problem):
        return "its certificate is not trusted"
    return next((words for kind, words in _WORDS if isinstance(problem, kind)), type(problem).__name__)
