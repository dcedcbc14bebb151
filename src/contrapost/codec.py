"""Our documents as JSON text and back, exactly: what is saved is what is read.

Decimals are JSON numbers that always carry a point or an exponent (`10E0`), so that they come back as Decimals even
where no type says so, as in the body of a draft; whole numbers without either come back as `int`. Dates and times are
ISO 8601.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class CodecError(ValueError):
    """A text is not the document it should be: says where it differs."""


def encode(document: object) -> str:
    """Writes a document of frozen dataclasses, tuples and plain values as JSON.

    Raises:
        TypeError: it holds a float, or something that JSON cannot say.
        ValueError: it holds a Decimal that is no finite number.
    """
    return msgspec.json.encode(_pointed(msgspec.to_builtins(document, builtin_types=(Decimal,)))).decode()


def decode(text: str, kind: type[T]) -> T:
    """Reads what `encode` wrote, as this type: `decode(text, Refund)`, `decode(text, tuple[Finding, ...])`.

    Raises:
        CodecError: the text is no JSON, or not of this type.
    """
    try:
        return cast("T", _decoder(cast("Hashable", kind))(text))
    except (msgspec.MsgspecError, ValueError) as fault:
        raise CodecError(f"The saved {getattr(kind, '__name__', kind)} cannot be read: {fault}") from fault


@cache
def _decoder(kind: Any) -> Callable[[str], Any]:  # noqa: ANN401 - any type
    return msgspec.json.Decoder(kind, float_hook=Decimal).decode


def _pointed(value: Any) -> Any:  # noqa: ANN401 - a JSON tree
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float: amounts and quantities are Decimals")
    if isinstance(value, dict):
        return {key: _pointed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_pointed(inner) for inner in value]
    return value


def _number(value: Decimal) -> msgspec.Raw:
    if not value.is_finite():
        raise ValueError(f"{value} is no finite number")
    text = str(value)
    return msgspec.Raw((text if "." in text or "E" in text else text + "E0").encode())
