"""What is answered while the database is lost or its disk is full: a plain page, and one line in the log."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template.loader import render_to_string

from contrapost.log import warn
from contrapost.records.errors import DATABASE_LOST

if TYPE_CHECKING:
    from django.http import HttpRequest

AGAIN_SECONDS = 30
"""When to try again, as the answer says."""


def is_lost() -> bool:
    """Says whether what is being answered failed because of the database."""
    return isinstance(sys.exc_info()[1], DATABASE_LOST)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answers with a page that asks the database for nothing."""
    warn("database lost", path=request.path, fault=type(sys.exc_info()[1]).__name__)
    answer = HttpResponse(render_to_string("unavailable.html"), status=503)
    answer["Retry-After"] = str(AGAIN_SECONDS)
    return answer


class OneLine(logging.Filter):
    """Keeps the frames of a lost database out of the log: one line was said of it already."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Says whether a record is to be logged."""
        is_fault = record.exc_info is not None and isinstance(record.exc_info[1], DATABASE_LOST)
        return not is_fault and getattr(record, "status_code", 0) != HTTPStatus.SERVICE_UNAVAILABLE
