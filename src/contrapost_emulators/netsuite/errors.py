"""Every refusal the emulator can give, in one table that says how sure its wording is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stamp = Literal["documented", "live", "catalogue", "chosen"]
# The member of an error's detail that names the place: in the body, the headers, the query, or the address itself.
Place = Literal["o:errorPath", "o:errorHeader", "o:errorQueryParam", "o:errorUrl"]

RFC_SECTIONS = {
    400: ("10.4.1", "Bad Request"),
    401: ("10.4.2", "Unauthorized"),
    403: ("10.4.4", "Forbidden"),
    404: ("10.4.5", "Not Found"),
    405: ("10.4.6", "Method Not Allowed"),
    406: ("10.4.7", "Not Acceptable"),
    413: ("10.4.14", "Request Entity Too Large"),
    415: ("10.4.16", "Unsupported Media Type"),
    429: ("10.4.1", "Bad Request"),
    500: ("10.5.1", "Internal Server Error"),
    503: ("10.5.4", "Service Unavailable"),
    504: ("10.5.5", "Gateway Timeout"),
}
# A key that was used before is answered 400, and called a conflict.
OWN_SECTIONS = {"repeated key": ("10.4.10", "Conflict")}


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one refusal, where they come from, the status and code they travel under, and what they point at."""

    text: str
    stamp: Stamp
    status: int = 400
    code: str = "USER_ERROR"
    place: Place = "o:errorPath"


# "documented": a sample in Oracle's help. "live": seen against a real account by others. "catalogue": a core
# message of the SOAP catalogue. "chosen": no source gives the text; the rule or the wording is the emulator's own.
MESSAGES: dict[str, Message] = {
    "invalid login": Message(
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
        "Setup > Users/Roles > User Management > View Login Audit Trail.",
        "documented",
        401,
        "INVALID_LOGIN",
    ),
    "concurrency": Message(
        "Concurrent request limit exceeded. Request blocked.", "documented", 429, "CONCURRENCY_LIMIT_EXCEEDED"
    ),
    "permission": Message(
        "Your current role does not have permission to perform this action.", "live", 403, "INSUFFICIENT_PERMISSION"
    ),
    "timed out": Message(
        "The request took longer than 15 minutes. (emulator's wording)", "chosen", 504, "REQUEST_TIMEOUT"
    ),
    "repeated key": Message(
        "A request with the same idempotency key is already submitted. "
        'See the "Location" header for a link to the previously submitted job',
        "documented",
        400,
        "IDEMPOTENCY_ERROR",
    ),
    "not completed": Message("The task is not completed yet. (emulator's wording)", "chosen", 400, "NOT_COMPLETED"),
    "batch": Message("{why} (emulator's wording)", "chosen", 400, "INVALID_REQUEST"),
    "unexpected": Message("An unexpected error occurred. Error ID: {id}", "documented", 500, "UNEXPECTED_ERROR"),
    "unavailable": Message(
        "The service is temporarily unavailable. (emulator's wording)", "chosen", 503, "SERVICE_UNAVAILABLE"
    ),
    "no such record": Message(
        "The record instance does not exist. Provide a valid record instance ID.",
        "live",
        404,
        "NONEXISTENT_ID",
        "o:errorUrl",
    ),
    "bad identifier": Message(
        "Invalid record instance identifier '{value}'. Provide a valid record instance ID.",
        "live",
        400,
        "INVALID_ID",
        "o:errorUrl",
    ),
    "no such type": Message("Record type '{kind}' does not exist.", "chosen", 404, "NOT_FOUND", "o:errorUrl"),
    "no such page": Message("There is nothing at {path}. (emulator's wording)", "chosen", 404, "NOT_FOUND"),
    "wrong method": Message(
        "The method {method} is not allowed for {path}. (emulator's wording)",
        "chosen",
        405,
        "METHOD_NOT_ALLOWED",
    ),
    "other type": Message("Transaction type specified is incorrect.", "live"),
    "not emulated": Message("This emulator does not serve {what}.", "chosen", 400, "FEATURE_DISABLED"),
    "bad json": Message("Invalid content in the request body", "live", 400, "INVALID_CONTENT"),
    "bad request": Message("{why} (emulator's wording)", "chosen", 400, "INVALID_REQUEST"),
    "bad header": Message(
        "The request header '{name}' has an invalid value: {value}.", "chosen", 400, "INVALID_HEADER", "o:errorHeader"
    ),
    "bad media type": Message(
        "The media type {value} is not supported.", "chosen", 415, "INVALID_CONTENT_TYPE", "o:errorHeader"
    ),
    "nothing acceptable": Message(
        "None of the media types in '{value}' can be given.", "chosen", 406, "INVALID_HEADER", "o:errorHeader"
    ),
    "too large": Message("The request is larger than 104 MB.", "chosen", 413, "EXCEEDED_RQST_SIZE_LIMIT"),
    "bad parameter": Message(
        "The query parameter '{name}' is unknown here or has an invalid value: {value}.",
        "chosen",
        400,
        "INVALID_PARAMETER",
        "o:errorQueryParam",
    ),
    "bad search": Message(
        "Invalid search query. Provide a valid search query.", "live", 400, "INVALID_PARAMETER", "o:errorQueryParam"
    ),
    "unknown field": Message("Unknown reference or field name '{name}'.", "chosen", 400, "INVALID_CONTENT"),
    "invalid value": Message(
        "Error while accessing resource: You have entered an Invalid Field Value {value} "
        "for the following field: {name}",
        "documented",
        400,
        "INVALID_CONTENT",
    ),
    "invalid reference": Message("Invalid {name} reference key {value}.", "catalogue"),
    "reference of another subsidiary": Message(
        "Invalid {name} reference key {value} for subsidiary {subsidiary}.", "live"
    ),
    "reference of another entity": Message("Invalid {name} reference key {value} for entity {entity}.", "live"),
    "missing": Message("Please enter value(s) for: {name}", "live"),
    "no lines": Message("You must enter at least one line item for this transaction.", "live"),
    "duplicate": Message("This record already exists", "live"),
    "duplicate entity": Message("This entity already exists.", "live"),
    "bad external id": Message("An external ID takes letters, digits, hyphens and underscores only: {value}", "chosen"),
    "upsert by external id only": Message("PUT takes an eid: identifier only.", "chosen"),
    "date outside period": Message(
        "The transaction date you specified is not within the date range of your accounting period.", "live"
    ),
    "period closed": Message("You cannot change the G/L impact of a transaction in a closed period.", "catalogue"),
    "edit in closed period": Message(
        "This transaction is in a period that has been closed. You may not edit it.", "catalogue"
    ),
    "no period": Message("There is no accounting period for the transaction date {day}.", "chosen"),
    "no transform": Message("A {source} cannot be transformed into a {target}.", "chosen"),
    "nothing left to bill": Message("Nothing is left to bill on this sales order.", "chosen"),
    "over-billed": Message("Line {line} has only {left} left to bill.", "chosen"),
    "end of group": Message("You cannot edit the end of group line. You must delete the group.", "live"),
    "inventory detail": Message("Please configure the inventory detail for this line.", "live"),
    "inventory detail quantity": Message(
        "The inventory detail assigns {assigned}, but the line has a quantity of {quantity}.", "chosen"
    ),
    "serial number there": Message("The serial number {number} is already on hand.", "chosen"),
    "gift certificate code": Message("There is a gift certificate with the code {code} already.", "chosen"),
    "not available": Message("You only have {available} available. Please enter a different quantity.", "live"),
    "not approved": Message("{doc} is pending approval: approve it first.", "chosen"),
    "nothing left to receive": Message("Nothing is left to receive on this return authorization.", "chosen"),
    "nothing left to refund": Message(
        "Nothing on this return authorization may be refunded: all of it is refunded, closed, or still to be received.",
        "chosen",
    ),
    "not of the return": Message("This line is none of those that {doc} has left to receive.", "chosen"),
    "overage": Message("Overage is not allowed.", "catalogue"),
    "over-refunded": Message("Line {line} of the return authorization has only {left} left to refund.", "chosen"),
    "already returned": Message("{quantity} of line {line} is already received or refunded.", "chosen"),
    "over-applied": Message("You cannot apply {amount} to {doc}: only {open} is open.", "chosen"),
    "over-applied total": Message("The total applied, {amount}, exceeds what is available, {open}.", "chosen"),
    "cannot apply": Message(
        "{doc} cannot be applied here: another customer, account or currency, or another kind of record.",
        "chosen",
    ),
    "nothing applied": Message("Nothing is applied: the total must be more than zero.", "chosen"),
    "negative total": Message("The total of this transaction may not be negative: {total}.", "chosen"),
    "tax only line": Message("A line of 0.00 cannot carry tax alone: the subtotal must be positive.", "chosen"),
    "tax reference": Message("No line has the tax details reference {value}.", "chosen"),
    "negative inventory": Message("Inventory items must have a positive amount.", "live"),
    "unbalanced": Message("Transaction was not in balance. Total = {total}", "catalogue"),
    "mismatched currency": Message("The currency of {name} does not match this transaction.", "chosen"),
    "dependents": Message("This record cannot be deleted because it has dependent records: {names}", "chosen"),
    "locked by workflow": Message("This record has been locked by a user defined workflow.", "live"),
    "changed": Message("Record has been changed", "catalogue"),
    "already refunded": Message(
        "Transaction Already refunded. A refund has already been performed on the transaction.", "catalogue"
    ),
    "not to be deposited": Message("{doc} is not waiting in Undeposited Funds for this deposit.", "chosen"),
    "too many lines": Message("This transaction has more than {most} lines in {sublist}.", "chosen"),
    "no void": Message("{name} cannot be voided.", "chosen"),
    "already voided": Message("This transaction has already been voided.", "chosen"),
    "linked": Message("This transaction cannot be voided: it is linked to {names}.", "chosen"),
    "voided": Message("A voided transaction cannot be changed or used.", "chosen"),
    "read-only line": Message("Line {line} of {sublist} cannot be removed.", "chosen"),
    "suiteql": Message(
        "Invalid search query. Detailed unprocessed description follows. Search error occurred: {why}.",
        "live",
        400,
        "INVALID_PARAMETER",
    ),
    "suiteql prefer": Message(
        "The required request header 'Prefer' is missing or has an invalid value: send 'transient'.",
        "chosen",
        400,
        "INVALID_HEADER",
        "o:errorHeader",
    ),
    "paging": Message("{why}", "chosen", 400, "INVALID_PARAMETER", "o:errorQueryParam"),
}


class Refused(Exception):  # noqa: N818 - an answer, not a fault of the program
    """A request that NetSuite would turn down: status, code, words and the place they point at."""

    def __init__(self, key: str, path: str | None = None, /, **words: object) -> None:
        message = MESSAGES[key]
        self.key = key
        self.status = message.status
        self.code = message.code
        self.place = message.place
        self.path = path
        self.detail = _worded(message, words)
        super().__init__(self.detail)


def _worded(message: Message, words: dict[str, object]) -> str:
    text = message.text.format(**words)
    if message.code == "USER_ERROR":
        return f"Error while accessing a resource. {text}"
    return text


def envelope(refused: Refused) -> dict[str, object]:
    """The error document of one refusal."""
    section, title = OWN_SECTIONS.get(refused.key) or RFC_SECTIONS[refused.status]
    detail = {"detail": refused.detail, "o:errorCode": refused.code}
    if refused.path:
        detail[refused.place] = refused.path
    return {
        "type": f"https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec{section}",
        "title": title,
        "status": refused.status,
        "o:errorDetails": [detail],
    }
