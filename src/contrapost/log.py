"""The log: one line for each thing of importance, with the ids of what it is about, and never a secret.

Lines are said with `say`; what libraries log by themselves goes the same way. Nothing is written until a door that runs
for long, `web` or `worker`, asks for it with `write`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMS: Final = ("text", "json")
_SHORTEST_SECRET = 6
"""What is shorter is no secret, and would make holes in every line."""
_HIDDEN = "[hidden]"
_AWAY: Final = (
    re.compile(r"-----BEGIN [A-Z ]+-----.*?(-----END [A-Z ]+-----|$)", re.DOTALL),
    re.compile(r"(?<=://)[^/@\s]+@"),
    re.compile(r"\bcp_\w{12,}"),
    re.compile(r"(?i)(?<=bearer )[^\s\"',;]+"),
    re.compile(
        r"(?i)(?<![a-z])(?:(?:password|secret|token|api[_-]?key|private[_-]?key|signature|authorization)"
        r"[\"']?\s*[=:]\s*[\"']?)(?!bearer )[^\s\"',;&}]+"
    ),
)
"""What looks like a secret wherever it comes from: keys, passwords in addresses, tokens, and values so named."""

_secrets: set[str] = set()
_SHARED: Final = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)

structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
logging.getLogger("contrapost").addHandler(logging.NullHandler())
_logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("contrapost")


class LogFormError(ValueError):
    """The log cannot be written in this form; says which there are."""


def say(event: str, **ids: str | float | bool | None) -> None:
    """Logs that something of importance happened.

    Args:
        event: in a word or two: `posted`, `lease taken`.
        ids: what it is about, and how many; never what a store or NetSuite sent.
    """
    _logger.info(event, **ids)


def warn(event: str, **ids: str | float | bool | None) -> None:
    """Logs that something went wrong that is noticed and lived with."""
    _logger.warning(event, **ids)


def write(form: str = "text", to: TextIO | None = None) -> None:
    """Writes the log of this process from now on: our own from `info`, that of libraries from `warning`.

    Args:
        form: `text` for people, or `json`, an object a line.
        to: standard error where nothing else is said.

    Raises:
        LogFormError: there is no such form.
    """
    if form not in FORMS:
        raise LogFormError(f"CONTRAPOST_LOG is {form!r}; it can be text or json.")
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(_Scrubbing(processors=_rendering(form), foreign_pre_chain=_SHARED))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("contrapost").setLevel(logging.INFO)


def hide(values: Iterable[str]) -> None:
    """Keeps these values out of the log from now on, whoever logs them."""
    for value in values:
        if len(value) >= _SHORTEST_SECRET:
            _secrets.update({value, json.dumps(value)[1:-1]})


def scrubbed(text: str) -> str:
    """Gives a text with what is hidden, and what looks like a secret, taken out."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    for pattern in _AWAY:
        text = pattern.sub(_HIDDEN, text)
    return text


class _Scrubbing(ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


def _rendering(form: str) -> list[structlog.types.Processor]:
    if form == "json":
        renderers: list[structlog.types.Processor] = [
            structlog.processors.format_exc_info,  # frames without the values in them, which may be secrets
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        renderers = [structlog.processors.format_exc_info, _as_text]
    return [ProcessorFormatter.remove_processors_meta, *renderers]


def _as_text(_logger: object, _name: str, event: Mapping[str, object]) -> str:
    """One line: when, how bad where it is, what, and what it is about; a fault's frames below it."""
    left = dict(event)
    at, level, what = str(left.pop("at", ""))[:19], left.pop("level", "info"), left.pop("event", "")
    frames = left.pop("exception", "")
    words = [at, *([str(level).upper()] if level != "info" else []), str(what)]
    about = (f"{name}={_quoted(str(value))}" for name, value in left.items() if value not in {None, ""})
    return " ".join((*words, *about)) + (f"\n{frames}" if frames else "")


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if not value or re.search(r'[\s="]', value) else value
