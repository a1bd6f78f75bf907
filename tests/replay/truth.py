"""What is known about the month without us: the lists' own sums, and a batch computation of every outage."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.event import parse_instant
from tests.replay.run import Outcome

OPEN, OUT = "outages_open|all|kind=all|now", "customers_out|all|kind=all|now"
MINUTES = {"as-listed": "customer_minutes_while_listed", "as-reported": "customer_minutes_start_to_vanish"}


@dataclass(frozen=True)
class Compared:
    """How many of how many are equal, and the first few that are not."""

    what: str
    equal: int
    of: int
    different: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.what}: {self.equal:,} of {self.of:,}" + "".join(f"\n  {line}" for line in self.different)

    def check(self) -> None:
        assert self.of, f"{self.what}: nothing was compared"
        assert self.equal == self.of, str(self)


def compare(what: str, pairs: Iterator[tuple[str, object, object]]) -> Compared:
    """`pairs`: (name, ours, theirs)."""
    equal = of = 0
    different: list[str] = []
    for name, ours, theirs in pairs:
        of += 1
        equal += ours == theirs
        if ours != theirs and len(different) < 5:
            different.append(f"{name}: got {ours}, should be {theirs}")
    return Compared(what, equal, of, tuple(different))


def marks(outcome: Outcome, folder: Path) -> Compared:
    """Open outages and customers out at every list, also where nothing changed."""

    def pairs() -> Iterator[tuple[str, object, object]]:
        for row in rows(folder / "snapshots.csv.gz"):
            at = parse_instant(row["snapshot_time"])
            if at <= outcome.report.last:
                ours = tuple(record and record["numerator"] for record in (outcome.at(OPEN, at), outcome.at(OUT, at)))
                yield row["snapshot_time"], ours, (int(row["open_outages"]), int(row["customers_out"]))

    return compare("open outages and customers out at every mark", pairs())


def cases(outcome: Outcome, folder: Path, mapping: str) -> Compared:
    """Customer-minutes of every outage; of a part of the month, those of the outages that were over in it."""
    last = outcome.report.last
    whole = _last_mark(folder) == last

    def pairs() -> Iterator[tuple[str, object, object]]:
        for row in rows(folder / "outages_summary.csv.gz"):
            truth = row[MINUTES[mapping]]
            over = row["still_open"] == "0" and parse_instant(row["final_vanish"]) <= last
            if truth and (whole or over):
                yield row["id"], _minutes(outcome, row["id"]), float(truth)

    return compare(f"customer-minutes, {mapping}", pairs())


def cells(ours: Outcome, theirs: Outcome) -> Compared:
    """Every cell of two outcomes at their common last mark, those that only one of them has included."""
    left, right = ours.cells(), theirs.cells()
    return compare("cells", ((key, left.get(key), right.get(key)) for key in sorted(left.keys() | right.keys())))


def _minutes(outcome: Outcome, outage: str) -> float | None:
    case = outcome.cases.get(f"outage/{outage}")
    if case is None:
        return None
    growth = case["customers_out"] * (outcome.report.last - parse_instant(case["as_of"]))
    return round((case["customer_seconds_out"] + growth) / 60, 1)


def _last_mark(folder: Path) -> int:
    return max(parse_instant(row["snapshot_time"]) for row in rows(folder / "snapshots.csv.gz"))


def rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as text:
        yield from csv.DictReader(text)
