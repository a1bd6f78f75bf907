"""The clocks of voltage points from readings alone, as a source partition runs and announces them."""

import orjson

from streams.agents.announcing import PREFIX, Announcer
from streams.cases.points import PointLedger
from streams.cells.partials import Partials
from tests.support.points import MIDNIGHT as DAY_START
from tests.support.points import MINUTE, ledger, reading

NOON = DAY_START + 12 * 3600
QUARTER = 15 * MINUTE
OVER, FAR, FINE, DEAD = 240, 260, 220, 0


class Desk:
    """A ledger of points and its announcer, as a source partition has them; time stops at every due time."""

    def __init__(self, *points, since=0) -> None:
        self.ledger, self.announcer = ledger(*points), Announcer("breaches", "ledger")
        self.since, self.now, self.records, self.rows, self.summaries = since, NOON - 3600, [], {}, {}
        self.advance_to(self.now)

    def send(self, *records):
        _, refused = self.ledger.apply("voltage", records, self.now)
        assert not refused
        return self

    def values(self, *volts, since=NOON, interval=QUARTER, **said):
        """One after the other, each as its time comes."""
        for number, value in enumerate(volts):
            at = since + number * interval
            self.advance_to(at - 1)
            self.send(reading(at, value, phase="A", interval_seconds=interval, **said)).advance_to(at)
        return self

    def advance_to(self, when):
        while (now := min((at for at in self._due_times() if at <= when), default=None)) is not None:
            self._evaluate(max(now, self.now))
        self._evaluate(when)
        return self

    def _due_times(self):
        due = [at for at, _, point in self.ledger._due_times if point.due_at == at]
        return [*due, *self.ledger._columns._slots.rows["next_change"].tolist()]

    def _evaluate(self, now):
        self.now = now
        self.rows.update(self.ledger.unsaved())
        self.ledger.due(now)
        for evaluation in self.ledger.evaluate(now):
            self.summaries[evaluation.case.id] = evaluation.contribution.summary
            for output in self.announcer.announce(evaluation, self.ledger.reference, now, self.since):
                if output.key.startswith(PREFIX):
                    self.rows[output.key] = output.value
                else:
                    self.records.append(orjson.loads(output.value))
        assert not self.ledger.defects, self.ledger.defects

    def restart(self):
        unsettled = orjson.loads(orjson.dumps(self.ledger.unsettled()))
        self.rows.update(self.ledger.unsaved())
        reference = self.ledger.reference
        self.ledger, self.announcer = (
            PointLedger(Partials(), reference, lambda _: True),
            Announcer("breaches", "ledger"),
        )
        self.ledger.load([*self.announcer.load(self.rows.items())], self.now, unsettled, self.announcer.logs)
        return self

    def of(self, clock):
        """Status and begin of each announcement of a clock."""
        return [(record["status"], record["cycle"]) for record in self.records if record["clock"] == clock]

    def last(self, clock):
        return [record for record in self.records if record["clock"] == clock][-1]

    def due(self, clock):
        """Due and kept, of all days."""
        sums = [measures for cell, measures in self.ledger.partials.sums.items() if cell.startswith("all|")]
        return tuple(
            sum(each.get(f"{name}|{clock}", (0, 0))[0] for each in sums) for name in ("sla_due", "sla_on_time")
        )

    def late(self):
        """Clocks at risk or broken now."""
        now = self.ledger.partials.sums["all|now"]
        return {
            name.removeprefix("sla_open|"): count for name, (count, _) in now.items() if name.startswith("sla_open")
        }
