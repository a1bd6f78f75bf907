"""One zone database: the service, the oracle and every host cut a day at the same instants."""

import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import duckdb
import pytest

from streams.dimensions.periods import day_end, day_start, local_day
from streams.oracle.engine import FOLDER
from streams.oracle.zone import shifts

FIRST, LAST = date(2000, 1, 1), date(2030, 12, 31)
UNTIL = 1_924_992_000  # 2031-01-01


@pytest.fixture(scope="module")
def sql():
    with duckdb.connect() as connection:
        connection.execute("SET VARIABLE shifts = ?", [shifts("UTC", 0)])
        connection.execute((FOLDER / "admission" / "05_days.sql").read_text())
        yield connection


def days_around(changes):
    """The first of each year, and the days around each change of the offset."""
    days = {date(year, 1, 1) for year in range(FIRST.year, LAST.year + 1)}
    for change in changes:
        near = datetime.fromtimestamp(change["since"], UTC).date()
        days |= {near + timedelta(n) for n in range(-2, 3)}
    return sorted(day.isoformat() for day in days if FIRST <= day <= LAST)


def test_all_zones_have_the_same_days_in_both(sql):
    differing, seen = [], set()
    for zone in sorted(zoneinfo.available_timezones()):
        found = shifts(zone, UNTIL)
        if str(found) in seen:
            continue  # another name of one that was compared
        seen.add(str(found))
        sql.execute("SET VARIABLE shifts = ?", [found])
        rows = sql.execute(
            "SELECT day, day_start(day), day_start(day_after(day)), day_of(day_start(day)) "
            "FROM (SELECT unnest(?) AS day)",
            [days_around(found[1:])],
        ).fetchall()
        differing += [
            (zone, day)
            for day, *ours in rows
            if ours != [day_start(day, zone), day_end(day, zone), local_day(day_start(day, zone), zone)]
        ]
    assert differing == []


@pytest.mark.parametrize(
    ("zone", "day", "at", "hours"),
    [
        ("America/Havana", "2024-03-10", "2024-03-10T05:00:00+00:00", 23),  # midnight is skipped
        ("America/Havana", "2024-11-03", "2024-11-03T04:00:00+00:00", 25),  # midnight comes twice
        ("Africa/Casablanca", "2026-02-15", "2026-02-14T23:00:00+00:00", 25),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00+00:00", 0),  # a day that never was
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00+00:00", 24.5),
        ("Asia/Shanghai", "2026-06-03", "2026-06-02T16:00:00+00:00", 24),
    ],
)
def test_days_by_hand(sql, zone, day, at, hours):
    sql.execute("SET VARIABLE shifts = ?", [shifts(zone, UNTIL)])

    ((begin, end),) = sql.execute("SELECT day_start(?), day_start(day_after(?))", [day, day]).fetchall()

    assert (begin, (end - begin) / 3600) == (int(datetime.fromisoformat(at).timestamp()), hours)
    assert (begin, end) == (day_start(day, zone), day_end(day, zone))


def test_the_database_of_the_host_is_never_read(tmp_path):
    """A host that says that Shanghai is at UTC changes nothing."""
    (host := tmp_path / "Asia").mkdir()
    utc = (files("tzdata") / "zoneinfo" / "UTC").read_bytes()
    (host / "Shanghai").write_bytes(utc)
    code = "from streams.dimensions.periods import day_start; print(day_start('2026-06-03', 'Asia/Shanghai'))"

    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONTZPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "1780416000"
