"""New York City's 311 service requests: each row a complaint with its opening and its closing, in New York's time.

A closing is reported when it happens, also if it is before the opening. The borough column holds community boards
("12 QUEENS") and, where rows have slipped, anything; what ends in no borough's name is in no area that is known.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.event import format_instant
from streams.dimensions.periods import day_end, day_start, local_day, next_day
from streams.errors import InputUnreadable
from streams.replay.files import open_text
from streams.replay.rows import Event, TimedRecord

SOURCE = "nyc-311"
ZONE = "America/New_York"
WRITTEN = "%m/%d/%Y %I:%M:%S %p"
BOROUGHS = ("BRONX", "BROOKLYN", "MANHATTAN", "QUEENS", "STATEN ISLAND")


class Nyc311:
    """Rows of unique_key, created_date, closed_date, complaint_type, borough; a mark at every local midnight."""

    def network(self) -> list[Event]:
        """The boroughs as areas and regions; of which type they are, and whom they serve, is not known."""
        regions: list[Event] = [{"record_type": "region", "region": name, "name": name.title()} for name in BOROUGHS]
        areas: list[Event] = [
            {"record_type": "area", "area": name, "region": name, "area_type": None, "served": []} for name in BOROUGHS
        ]
        return regions + areas

    def records(self, files: Iterable[Path]) -> list[TimedRecord]:
        """Accepted and closed, in time; of one second in the order of the rows."""
        return sorted((record for file in files for record in _rows(file)), key=lambda record: record.at)

    def marks(self, records: Sequence[TimedRecord]) -> list[int]:
        """Every midnight from the end of the first day to that of the last."""
        if not records:
            return []
        day, until = local_day(records[0].at, ZONE), day_end(local_day(records[-1].at, ZONE), ZONE)
        marks: list[int] = []
        while not marks or marks[-1] < until:
            day = next_day(day)
            marks.append(day_start(day, ZONE))
        return marks


def _rows(file: Path) -> Iterator[TimedRecord]:
    with open_text(file) as text:
        for number, row in enumerate(csv.DictReader(text), 2):
            try:
                yield from _complaint(row)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise InputUnreadable(f"{file}, line {number} is no service request: {error!r}.") from error


def _complaint(row: dict[str, str]) -> Iterator[TimedRecord]:
    key, opened = row["unique_key"], _instant(row["created_date"])
    area = next((name for name in BOROUGHS if row["borough"].endswith(name)), None)
    yield _event(key, 1, opened, event_type="accepted", case_kind="complaint", area=area)
    if row["closed_date"]:
        yield _event(key, 2, _instant(row["closed_date"]), event_type="closed")


def _event(key: str, revision: int, at: int, **body: str | None) -> TimedRecord:
    instant = format_instant(at)
    envelope = {
        "event_id": f"{key}-{revision}",
        "revision": revision,
        "occurred_at": instant,
        "recorded_at": instant,
        "source": SOURCE,
        "complaint_id": key,
    }
    return TimedRecord(at, "complaints", key, {**envelope, **body})


def _instant(text: str) -> int:
    return int(datetime.strptime(text, WRITTEN).replace(tzinfo=ZoneInfo(ZONE)).timestamp())
