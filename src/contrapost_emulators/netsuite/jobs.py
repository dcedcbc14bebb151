"""Asynchronous requests: a job with one task for each record, done when its time has come, and their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from contrapost_emulators.netsuite.answers import Answer, shown, turned_down
from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from contrapost_emulators.netsuite.clock import Agenda, Clock

KEY_HEADER = "X-NetSuite-Idempotency-Key"
APPLIED = {"Preference-Applied": "respond-async"}
FIRST_ERROR = 400
Document = dict[str, object]
T = TypeVar("T")


@dataclass
class Task:
    """One request of a job, and how it was answered."""

    work: Callable[[], Answer]
    answer: Answer | None = None
    started: datetime | None = None
    ended: datetime | None = None

    def run(self, clock: Clock) -> None:
        """Do what was asked."""
        self.started = clock.now()
        self.answer = self.work()
        self.ended = clock.now()

    @property
    def progress(self) -> str:
        """Where the task stands."""
        if self.answer is None:
            return "pending"
        return "failed" if self.answer.status >= FIRST_ERROR else "succeeded"


class Jobs:
    """The jobs of one account, by number; their idempotency keys are kept for as long as they are."""

    def __init__(self, agenda: Agenda, clock: Clock, base: str) -> None:
        self._agenda = agenda
        self._clock = clock
        self._base = f"{base}/services/rest/async/v1/job"
        self._jobs: list[list[Task]] = []
        self._keys: dict[UUID, int] = {}

    def submit(
        self, works: Sequence[Callable[[], Answer]], *, seconds: int = 0, key: str | None = None, parallel: bool = False
    ) -> Answer:
        """Take requests in as one job.

        They are done one after the other. In parallel no order is promised, and the last is done first, so that whoever
        counts on an order sees it.
        """
        known = _uuid(key)
        if known in self._keys:
            return self._repeated(self._keys[known])
        tasks = [Task(work) for work in works]
        self._jobs.append(tasks)
        number = len(self._jobs)
        if known is not None:
            self._keys[known] = number
        self._agenda.add(seconds, lambda: self._run(reversed(tasks) if parallel else tasks))
        return Answer(202, b"", APPLIED | {"Location": f"{self._base}/{number}"})

    def _run(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            task.run(self._clock)

    def _repeated(self, number: int) -> Answer:
        answer = turned_down(Refused("repeated key"))
        answer.headers.update(APPLIED | {"Location": f"{self._base}/{number}"})
        return answer

    def answer(self, path: Sequence[str]) -> Answer:
        """Show a job, its tasks, one task, or what one was answered."""
        match path:
            case (job,):
                return shown(self._job(job))
            case (job, "task"):
                return shown(self._tasks(job), "collection")
            case (job, "task", number):
                return shown(self._task(job, number))
            case (job, "task", number, "result"):
                return self._result(job, number)
        raise Refused("no such record")

    def _job(self, job: str) -> Document:
        tasks = self._found(job)
        progress = {task.progress for task in tasks}
        whole = "pending" if "pending" in progress else "failed" if "failed" in progress else "succeeded"
        return {
            "links": [_link("self", f"{self._base}/{job}")],
            "completed": "pending" not in progress,
            "id": job,
            "progress": whole,
            "task": {"links": [_link("self", f"{self._base}/{job}/task")]},
        }

    def _tasks(self, job: str) -> Document:
        """All tasks of a job: one item, as Oracle's sample has it, with a link for each."""
        count = len(self._found(job))
        links = [_link("self", f"{self._base}/{job}/task/{number}") for number in range(1, count + 1)]
        return {"links": [_link("self", f"{self._base}/{job}/task")], "count": 1, "items": [{"links": links}]}

    def _task(self, job: str, number: str) -> Document:
        task = self._of(job, number)
        address = f"{self._base}/{job}/task/{number}"
        document: Document = {"id": number, "completed": task.answer is not None, "progress": task.progress}
        links = [_link("self", address)]
        if task.answer is not None:
            links.insert(0, _link("related", f"{address}/result"))
            document |= {"startTime": _moment(task.started), "endTime": _moment(task.ended)}
        return {"links": links, **document}

    def _result(self, job: str, number: str) -> Answer:
        answer = self._of(job, number).answer
        if answer is None:
            raise Refused("not completed")
        return answer

    def _found(self, job: str) -> list[Task]:
        return _numbered(self._jobs, job)

    def _of(self, job: str, number: str) -> Task:
        return _numbered(self._found(job), number)


def _numbered(listed: Sequence[T], number: str) -> T:
    """The one of a number, counted from 1."""
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(listed)):
        raise Refused("no such record")
    return listed[int(number) - 1]


def _uuid(key: str | None) -> UUID | None:
    if key is None:
        return None
    try:
        return UUID(key)
    except ValueError:
        raise Refused(
            "bad header", "X-NetSuite-Idempotency-Key", name="X-NetSuite-Idempotency-Key", value=key
        ) from None


def _link(relation: str, address: str) -> Document:
    return {"rel": relation, "href": address}


def _moment(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
