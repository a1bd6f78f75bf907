"""UCI's household voltage: a row a minute in local time without a zone, as profile frames of an hour.

A row is the mean of the minute that begins with its time stamp; an empty one is not known. A frame comes when it ends.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.event import format_instant
from streams.errors import InputUnreadable
from streams.replay.files import open_text
from streams.replay.rows import Event, TimedRecord

SOURCE, AREA, REGION = "uci-household", "sceaux", "ile-de-france"
ZONE = ZoneInfo("Europe/Paris")
MINUTE, HOUR = 60, 3600
NOMINAL = 23_000  # 0.01 V

Row = tuple[str, int, int | None]  # meter, start of the minute in seconds, 0.01 V


class UciVoltage:
    """Rows of timestamp_local, meter_id, voltage; a mark where a frame ends."""

    def network(self) -> list[Event]:
        """One area; the meters are not in the network, so that their nominal voltage comes with the frames."""
        area: Event = {"record_type": "area", "area": AREA, "region": REGION, "area_type": None, "served": []}
        return [{"record_type": "region", "region": REGION, "name": "Île-de-France"}, area]

    def records(self, files: Iterable[Path]) -> list[TimedRecord]:
        """A frame per meter and clock hour, cut where minutes are missing as rows."""
        rows = sorted((row for file in files for row in _rows(file)), key=lambda row: row[:2])
        # Of one meter and hour, the difference of minute and place is the same as long as the minutes follow on.
        groups = groupby(enumerate(rows), key=lambda item: (item[1][0], item[1][1] // HOUR, _gap(*item)))
        return sorted((_frame([row for _, row in group]) for _, group in groups), key=lambda record: record.at)

    def marks(self, records: Sequence[TimedRecord]) -> list[int]:
        """The instants at which frames come."""
        return sorted({frame.at for frame in records})


def _gap(place: int, row: Row) -> int:
    return row[1] - place * MINUTE


def _frame(rows: Sequence[Row]) -> TimedRecord:
    meter, start, _ = rows[0]
    end = start + len(rows) * MINUTE
    frame: Event = {
        "event_type": "frame",
        "area": AREA,
        "point": meter,
        "source": SOURCE,
        "recorded_at": format_instant(end),
        "start": format_instant(start),
        "interval_seconds": MINUTE,
        "values_centivolts": [value for _, _, value in rows],
        "value_kind": "mean",
        "stamp": "start",
        "nominal_centivolts": NOMINAL,
    }
    return TimedRecord(end, "voltage", AREA, frame)


def _rows(file: Path) -> Iterator[Row]:
    with open_text(file) as text:
        for number, row in enumerate(csv.DictReader(text), 2):
            try:
                at = datetime.fromisoformat(row["timestamp_local"]).replace(tzinfo=ZONE)
                value = int(Decimal(row["voltage"]) * 100) if row["voltage"] != "" else None
                yield row["meter_id"], int(at.timestamp()), value
            except (KeyError, ValueError, TypeError, ArithmeticError) as error:
                raise InputUnreadable(f"{file}, line {number} is no voltage of a minute: {error!r}.") from error
