"""Finds the record a reference means, in each of the spellings NetSuite takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.state import Record, State


def resolve(state: State, family: str, given: object, path: str) -> str:
    """The internal id a reference means: `{"id"}`, `{"externalId"}`, `{"refName"}` or a bare scalar."""
    record = _look_up(state, family, given)
    if record is None:
        raise Refused("invalid value", path, value=_shown(given), name=path.rsplit(".", 1)[-1])
    if record.values.flag("isInactive"):
        raise Refused("invalid reference", path, name=path.rsplit(".", 1)[-1], value=record.id)
    return record.id


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
    if isinstance(given, dict):
        return str(next(iter(given.values()), ""))
    return str(given)
