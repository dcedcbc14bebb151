"""Finds the record a reference means, in each of the spellings NetSuite takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.state import Record, State

REPEATED = 60  # characters of a wrong reference


def resolve(state: State, family: str, given: object, path: str) -> str:
    """The internal id a reference means: `{"id"}`, `{"externalId"}`, `{"refName"}` or a bare scalar."""
    record = _look_up(state, family, given)
    if record is None:
        raise Refused("invalid value", path, value=_shown(given), name=path.rsplit(".", 1)[-1])
    if record.values.flag("isInactive"):
        raise Refused("invalid reference", path, name=path.rsplit(".", 1)[-1], value=record.id)
    return record.id


def resolve_all(state: State, family: str, given: object, path: str) -> tuple[str, ...]:
    """The internal ids of a choice of several: a collection of references, or one of them alone."""
    if isinstance(given, dict) and isinstance(given.get("items"), list):
        items = enumerate(given["items"])
        return tuple(resolve(state, family, one, f"{path}.items[{number}]") for number, one in items)
    return (resolve(state, family, given, path),)


def _look_up(state: State, family: str, given: object) -> Record | None:
    if isinstance(given, dict):
        if given.get("id") is not None:
            return by_identifier(state, family, str(given["id"]))
        if given.get("externalId") is not None:
            return state.by_external_id(family, str(given["externalId"]))
        return _named(state, family, given.get("refName"))
    if isinstance(given, str | int) and not isinstance(given, bool):
        return by_identifier(state, family, str(given))
    return None


def by_identifier(state: State, family: str, identifier: str) -> Record | None:
    """The record of an internal id, or of an external one behind `eid:`."""
    if identifier.lower().startswith("eid:"):
        return state.by_external_id(family, identifier[4:])
    return state.find(family, identifier)


def _named(state: State, family: str, name: object) -> Record | None:
    matches = [record for record in state.family(family) if name is not None and record.name == str(name)]
    return matches[0] if len(matches) == 1 else None


def _shown(given: object) -> str:
    shown = next(iter(given.values()), "") if isinstance(given, dict) else given
    return str(shown)[:REPEATED]
