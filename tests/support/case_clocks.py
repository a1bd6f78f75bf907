"""The clocks of cases from events alone, as a source partition runs and announces them."""

from typing import Any

import orjson

from schemas.codec import case_id, encode
from streams.agents.announcing import PREFIX, Announcer
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from tests.support.lives import REFERENCE, at, complaint, order

LATER = "30 00:00"
FAMILIES = {"order": "repairs", "outage": "outages", "complaint": "complaints"}


class Desk:
    """A ledger and its announcer, as a source partition has them; `records` are all records in their order."""

    def __init__(self, reference=REFERENCE, since=0) -> None:
        self.ledger, self.announcer = Ledger(Partials(), reference), Announcer("breaches", "ledger")
        self.since, self.now, self.records, self.rows = since, 0, [], {}

    def send(self, *events: Any) -> None:
        for event in events:
            family = next(FAMILIES[kind] for kind in FAMILIES if type(event).__module__ == f"schemas.{kind}")
            verdict = self.ledger.take(family, case_id(event).encode(), encode(event), at(LATER), 0)
            assert verdict.outcome in ("applied", "duplicate", "stale"), verdict
        self.advance_to(max(self.now, *(event.occurred_at for event in events)))

    def advance_to(self, when: str | int) -> "Desk":
        """Let read time come to an instant, stopping at every due time on the way."""
        self.now = end = at(when) if isinstance(when, str) else when
        while (now := self.ledger.next_due) is not None and now <= end:
            self._evaluate(now)
        self._evaluate(end)
        return self

    def _evaluate(self, now: int) -> None:
        self.ledger.due(now)
        for evaluation in self.ledger.evaluate(now):
            for output in self.announcer.announce(evaluation, self.ledger.reference, now, self.since):
                if output.key.startswith(PREFIX):
                    self.rows[output.key] = output.value
                else:
                    self.records.append((output.key.decode(), orjson.loads(output.value)))
        assert not self.ledger.defects, self.ledger.defects

    def of(self, clock: str, cycle: int = 1) -> list[tuple[str, int | None, str]]:
        """Status, level and read time of each announcement of a clock."""
        return [
            (record["status"], record["level_percent"], record["detected_at"])
            for _, record in self.records
            if (record["clock"], record["cycle"]) == (clock, cycle)
        ]

    def last(self, clock: str, cycle: int = 1) -> Any:
        return [record for _, record in self.records if (record["clock"], record["cycle"]) == (clock, cycle)][-1]

    def statuses(self, clock: str, cycle: int = 1) -> list[str]:
        return [status for status, _, _ in self.of(clock, cycle)]


CALL, ACCEPTED = order("created", "03 08:00"), complaint("accepted", "03 08:00")
