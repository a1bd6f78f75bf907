"""Orders whose limits pass while nobody sends anything, and workers that have to notice: each is told once."""

import random
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from schemas.event import format_instant, parse_instant
from streams import clock, topics
from streams.settings import Settings
from tests.support.workers import CASES, Worker, committed, eventually, new_producer

PARTITIONS = 4
SESSION_SECONDS = 6
LIMIT_SECONDS = 45 * 60
HEAD_START_SECONDS = 25  # for the workers to have read all orders before the first deadline
FENCED, LEFT = 70, 0


class Told(NamedTuple):
    """A committed record: what it tells, and when it was written (milliseconds)."""

    key: str
    status: str
    level: int | None
    deadline_at: int
    written_ms: int
    place: tuple[int, int]  # partition and offset


class Deadlines:
    """Orders whose arrival limits pass at random instants of a span of time, and the workers that have to notice."""

    def __init__(self, settings: Settings, folder: Path, orders: int, seconds: int, workers: int) -> None:
        self.settings, self.folder, self.workers = settings, folder, list[Worker]()
        dice = random.Random(7)
        self.began = clock.now() + HEAD_START_SECONDS
        self.deadlines = {f"W-{n}": self.began + dice.randrange(seconds) for n in range(orders)}
        for _ in range(workers):
            self.join()
        # Whoever is there before the orders announces all of them: their deadlines lie after the ledger's begin.
        eventually("every partition is owned", self._owned)
        producer = new_producer(settings.broker)
        for case, deadline in self.deadlines.items():
            producer.send(settings.topic_prefix + topics.REPAIRS, key=case.encode(), value=_created(case, deadline))
        producer.flush()
        producer.close()

    def _owned(self) -> bool:
        return len(self._statuses()) == self.settings.partitions

    def _statuses(self) -> set[int]:
        records = committed(self.settings.broker, self.settings.topic_prefix + topics.PARTIALS)
        return {record.partition for record in records if record.key == b"status"}

    def join(self) -> Worker:
        number = len(self.workers) + 1
        changes: dict[str, Any] = {"instance": f"w{number}", "data_dir": str(self.folder / f"w{number}")}
        self.workers.append(Worker(self.settings, self.folder / f"w{number}.log", CASES, **changes))
        return self.workers[-1]

    def at(self, seconds: int) -> None:
        """Let the clock come to so many seconds after the first deadline may pass."""
        eventually(f"second {seconds}", lambda: clock.now() >= self.began + seconds, seconds=300)

    def told(self) -> list[Told]:
        records = committed(self.settings.broker, self.settings.topic_prefix + topics.SLA_BREACHES, evaluation=True)
        found = []
        for record in records:
            said = orjson.loads(record.value)
            deadline = parse_instant(said["deadline_at"])
            place = record.partition, record.offset
            told = said["status"], said["level_percent"], deadline, record.timestamp, place
            found.append(Told(record.key.decode(), *told))
        return found

    def check(self) -> list[float]:
        """Every transition of the arrival clocks once, with the right deadline; the delays of the breaches, sorted."""
        eventually("every breach is told", lambda: self._breaches() >= len(self.deadlines), seconds=60)
        for worker in self.workers:
            worker.check_alive()
        told = self.told()
        seen = Counter((each.key, each.status, each.level) for each in told)
        expected = {(f"L3a|order/{case}|1", "at_risk", 90) for case in self.deadlines}
        expected |= {(f"L3a|order/{case}|1", "breached", 100) for case in self.deadlines}
        expected |= {(f"L3b|order/{case}|1", "at_risk", 75) for case in self.deadlines}
        wrong = [each for each in told if seen[each[:3]] != 1 or each[:3] not in expected]
        assert not wrong, (len(wrong), sorted(wrong)[:6])
        assert seen.keys() == expected
        breaches = [each for each in told if each.status == "breached"]
        assert {each.key.split("/")[1][:-2]: each.deadline_at for each in breaches} == self.deadlines
        # A deadline is on time to its last millisecond: the breach begins a second after it.
        return sorted(each.written_ms / 1000 - each.deadline_at - 1 for each in breaches)

    def _breaches(self) -> int:
        return sum(each.status == "breached" for each in self.told())

    def close(self) -> None:
        for worker in self.workers:
            worker.close()


def _created(case: str, deadline: int) -> bytes:
    received = format_instant(deadline - LIMIT_SECONDS)
    said = {"work_type": "repair", "origin": "call", "report_received_at": received}
    envelope = {"event_type": "created", "work_order_id": case, "event_id": case, "revision": 1, "source": "desk"}
    return orjson.dumps({**envelope, "occurred_at": received, "recorded_at": received, **said})


def disturbed(settings: Settings, folder: Path) -> list[float]:
    """2,000 deadlines within two minutes, whatever happens to the workers; the delays, sorted (seconds)."""
    with closing(Deadlines(settings, folder, orders=2000, seconds=120, workers=2)) as run:
        first, second = run.workers
        run.at(10)
        third = run.join()
        run.at(30)
        first.kill()
        run.at(38)
        first.restart()
        run.at(55)
        second.stop()
        run.at(55 + SESSION_SECONDS + 6)
        second.go_on()
        assert second.wait() == FENCED
        second.restart()
        run.at(95)
        assert third.leave() == LEFT
        run.at(125)
        return run.check()


def undisturbed(settings: Settings, folder: Path) -> list[float]:
    """500 within half a minute, and nothing else; the delays, sorted (seconds)."""
    with closing(Deadlines(settings, folder, orders=500, seconds=30, workers=2)) as run:
        run.at(32)
        return run.check()


def quantile(delays: list[float], percent: int) -> float:
    """By nearest rank; 100 for the greatest."""
    return delays[max(0, -(-len(delays) * percent // 100) - 1)]
