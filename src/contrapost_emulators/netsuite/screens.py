"""What a person does on NetSuite's screens, and an integration cannot: offered to tests by the control plane."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.bodies import BodyReader
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.forms import read_custom_field
from contrapost_emulators.netsuite.kinds import kind_named
from contrapost_emulators.netsuite.transactions.voids import void

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.state import Record, State

Route = tuple[str, str]


class Screens:
    """A person at the screens of one account."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.routes: dict[Route, Callable[[object], object]] = {
            ("GET", "period-locks"): self._period_locks,
            ("POST", "period-locks"): self._lock_period,
            ("POST", "void"): self._void,
            ("POST", "workflow-locks"): self._lock_record,
            ("POST", "edit-meanwhile"): self._edit_meanwhile,
            ("GET", "gateway"): self._gateway,
            ("GET", "custom-fields"): self._custom_fields,
            ("POST", "custom-fields"): self._define_fields,
        }

    def _period_locks(self, body: object) -> object:
        del body
        return [{"period": period, "subsidiary": subsidiary} for period, subsidiary in sorted(self.state.period_locks)]

    def _lock_period(self, body: object) -> object:
        """Lock a period for the receivables of one subsidiary, or unlock it: both by name or internal id."""
        asked = _asked(body, "period", "subsidiary", "locked")
        period, subsidiary = self._named("period", asked["period"]), self._named("subsidiary", asked["subsidiary"])
        locks = self.state.period_locks
        (locks.add if asked["locked"] is True else locks.discard)((period.id, subsidiary.id))
        self.state.touched.add(period.key)
        return self._period_locks(None)

    def _void(self, body: object) -> object:
        """Void a transaction with the button of that name, today or, by a journal, on another day."""
        record = self._record(_asked(body, "type", "id", optional=("date",)))
        if not record.kind.is_transaction:
            raise Refused("no void", name=record.name)
        with self.state.write():
            made = void(self.state, record, _day(body))
        return {"type": made.kind.name, "id": made.id}

    def _lock_record(self, body: object) -> object:
        """Let a workflow lock a record, or give it free."""
        asked = _asked(body, "type", "id", "locked")
        record = self._record(asked)
        locks = self.state.workflow_locks
        (locks.add if asked["locked"] is True else locks.discard)(record.key)
        return {"type": record.kind.name, "id": record.id, "locked": record.key in locks}

    def _edit_meanwhile(self, body: object) -> object:
        """Save a change of a record while the next request that changes or transforms it is under way."""
        asked = _asked(body, "type", "id", "body")
        record = self._record(asked)
        BodyReader(self.state, record.kind, "error").read(asked["body"])
        self.state.meanwhile[record.key] = asked["body"]
        return {"type": record.kind.name, "id": record.id}

    def _gateway(self, body: object) -> object:
        """The money that card gateways moved because a record asked them to."""
        del body
        return [asdict(movement) for movement in self.state.gateway.values()]

    def _custom_fields(self, body: object) -> object:
        """The fields that an administrator added."""
        del body
        return [field.document() for field in self.state.forms.custom.values()]

    def _define_fields(self, body: object) -> object:
        """Add custom fields, all or none of them; from the first one on, other custom names are unknown."""
        fields = [read_custom_field(one) for one in (body if isinstance(body, list) else [body])]
        for field in fields:
            self.state.forms.define(field)
        return self._custom_fields(None)

    def _record(self, asked: dict[str, object]) -> Record:
        kind = kind_named(str(asked["type"]))
        record = self.state.find(kind.family, str(asked["id"]))
        if record is None or record.kind is not kind:
            raise Refused("bad request", why=f"there is no {kind.name} {asked['id']!r}")
        return record

    def _named(self, family: str, name: object) -> Record:
        found = [one for one in self.state.family(family) if str(name) in {one.id, one.name}]
        if len(found) != 1:
            raise Refused("bad request", why=f"there is no {family} {name!r}")
        return found[0]


def _asked(body: object, *names: str, optional: tuple[str, ...] = ()) -> dict[str, object]:
    """What a request names, which must be all of the names, and at most the optional ones beside them."""
    if not isinstance(body, dict) or not {*names} <= body.keys() <= {*names, *optional}:
        raise Refused("bad request", why=f"an object with {', '.join((*names, *optional))} is expected")
    return body


def _day(body: object) -> date | None:
    given = body.get("date") if isinstance(body, dict) else None
    try:
        return date.fromisoformat(str(given)) if given is not None else None
    except ValueError:
        raise Refused("bad request", why=f"not a day: {given}") from None
