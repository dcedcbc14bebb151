"""Findings: what is wrong with data or set-up, said so that a person can act on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: only errors keep a refund from being posted."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with data or set-up. A value, never an exception."""

    code: str
    """What it is, in lower case with underscores: stable, for scripts and for grouping."""
    severity: Severity
    message: str
    """One sentence that says what is wrong, with the names and amounts concerned."""
    fix: str = ""
    """What to do about it, in one sentence."""
    where: str = ""
    """The place in the payload or the setting concerned, such as `refundLineItems[2].subtotalSet`."""


def error(code: str, message: str, *, fix: str, where: str = "") -> Finding:
    """Makes a finding that keeps the refund from being posted."""
    return Finding(code, Severity.ERROR, message, fix, where)


def warning(code: str, message: str, *, fix: str = "", where: str = "") -> Finding:
    """Makes a finding that a person should look at, though the refund can be posted."""
    return Finding(code, Severity.WARNING, message, fix, where)


def info(code: str, message: str, *, fix: str = "", where: str = "") -> Finding:
    """Makes a finding that only explains."""
    return Finding(code, Severity.INFO, message, fix, where)


def unexpected_fault(fault: Exception, doing: str) -> Finding:
    """Makes the finding of a refund that a fault of ours stopped while we were `doing` something with it."""
    return error(
        "unexpected_fault",
        f"Contrapost met a fault of its own ({type(fault).__name__}) when it {doing} this refund.",
        fix="Report it with the server's log, which holds the fault. Other refunds go on; try this one again when it "
        "is mended.",
    )


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Says whether any of these findings keeps the refund from being posted."""
    return any(finding.severity is Severity.ERROR for finding in findings)
