"""What a person does on NetSuite's screens, and an integration cannot: offered to tests by the control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

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

    def _named(self, family: str, name: object) -> Record:
        found = [one for one in self.state.family(family) if str(name) in {one.id, one.name}]
        if len(found) != 1:
            raise Refused("bad request", why=f"there is no {family} {name!r}")
        return found[0]


def _asked(body: object, *names: str) -> dict[str, object]:
    """What a request names, which must be just that."""
    if not isinstance(body, dict) or body.keys() != set(names):
        raise Refused("bad request", why=f"an object with {', '.join(names)} is expected")
    return body
