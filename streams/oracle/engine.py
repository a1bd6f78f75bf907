"""DuckDB with the records in it: `cells` is every KPI at a read time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from types import TracebackType
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

import duckdb
import orjson

from streams.oracle import policy, working_days
from streams.oracle.records import FAMILIES, Record, marks_of, seen_at
from streams.settings import Settings

FOLDER = Path(__file__).parent
DAY_SECONDS = 86_400
WINDOW_DAYS = 32  # the days before a read time that last30d needs, and those after it to the end of a month
RECORD = (
    "{n: 'BIGINT', family: 'VARCHAR', topic: 'VARCHAR', partition: 'INTEGER', position: 'BIGINT', key: 'VARCHAR', "
    "body: 'VARCHAR', empty: 'BOOLEAN', elsewhere: 'BOOLEAN', stamp: 'BIGINT', seen: 'BIGINT'}"
)
CELL = """
    SELECT k.scope, k.dims, k.period, k.case_kind, k.numerator::HUGEINT, k.denominator::HUGEINT, k.rate::HUGEINT,
        k.present, p.known, p.expected, coalesce(getvariable('at') >= p.over_at + k.final_after, false),
        k.definition_version, coalesce((to_json(k) ->> 'denominator_rate')::HUGEINT, 0),
        to_json(k) ->> 'since'
    FROM ({query}) AS k JOIN place AS p USING (scope, period)
"""
FINDINGS = "SELECT concat_ws('|', kpi, scope, dims, period), rule, cases, customers FROM kpi_finding ORDER BY 1, 2"
# A temporary table hides the one of its name.
ONLY_WANTED = """
    INSERT INTO wanted SELECT f.kind, f.id FROM fact AS f JOIN event AS e USING (n) WHERE e.seen = getvariable('at');
    CREATE TEMP TABLE fact AS SELECT * FROM main.fact WHERE (kind, id) IN (SELECT kind, id FROM wanted);
    CREATE TEMP TABLE event AS SELECT * FROM main.event WHERE n IN (SELECT n FROM fact);
"""
EVENTS_ADMITTED = "70"  # the number of the first file of admission that may need the days events speak of
CLOCKS_STAGED = "44"  # the number of the first file of staging that no clock needs


Finding = tuple[str, int, int]  # the rule, its cases, the customers in question


class Cell(NamedTuple):
    """What the oracle says of one key; numerator and denominator are None where it is undefined.

    `present`: there is something in it; `known`: the network knows the scope; `expected`: a record of it has to be
    there in any case.
    """

    scope: str
    dims: str
    period: str
    case_kind: str
    numerator: int | None
    denominator: int | None
    rate: int
    present: bool
    known: bool
    expected: bool
    final: bool
    definition_version: int
    denominator_rate: int = 0
    since: str | None = None
    findings: tuple[Finding, ...] = ()


def kpi_files() -> dict[str, Path]:
    """The SQL of each KPI by its name."""
    return {file.stem: file for file in sorted((FOLDER / "kpis").glob("*.sql"))}


class Oracle:
    """The records of one run; `with` closes what it holds on disk."""

    def __init__(self, settings: Settings, records: Sequence[Record]) -> None:
        self._folder = TemporaryDirectory(prefix="gridpulse-oracle-")
        self._connection = duckdb.connect(config={"temp_directory": self._folder.name, "memory_limit": "2GB"})
        self._settings = settings
        self.marks = marks_of(records)
        for name, value in settings.model_dump().items():
            if isinstance(value, int | str):
                self._set(name, value)
            if name == "voltage_limits":  # by the nominal voltage: JSON to SQL
                self._set(name, orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode())
            if name.endswith("_days"):
                self._set(name.removesuffix("_days") + "_seconds", value * DAY_SECONDS)
        self._load(records)
        for name, rows in working_days.rows(policy.loaded(records, "calendar")).items():
            self._table(name, working_days.TABLES[name], rows)
        for name, rows in policy.rows(records).items():
            self._table(name, policy.TABLES[name], rows)
        self._run("admission", until=EVENTS_ADMITTED)
        self._calendar()
        self._run("admission", since=EVENTS_ADMITTED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._folder.cleanup()

    @property
    def counts(self) -> tuple[int, int]:
        """How many records were read, and how many of them are events that were admitted."""
        records, events = self._rows(
            """
            SELECT (SELECT count(*) FROM record),
                (SELECT count(*) FROM event) + (SELECT count(DISTINCT n) FROM voltage_event)
            """
        )[0]
        return records, events

    def cells(
        self, at: int, kpis: Iterable[str] | None = None, published: Iterable[tuple[str, str]] = ()
    ) -> dict[str, Cell]:
        """Every cell by record key at a read time; `published` are scopes and periods to look at besides."""
        cells = {}
        files = kpi_files()
        with self._staged(at, published):
            for name in files if kpis is None else kpis:
                for row in self._rows(CELL.format(query=files[name].read_text())):
                    cell = Cell(*row)
                    cells[f"{name}|{cell.scope}|{cell.dims}|{cell.period}"] = cell
            for key, rule, number, customers in self._rows(FINDINGS):
                if key in cells:
                    cell = cells[key]
                    cells[key] = cell._replace(present=True, findings=(*cell.findings, (rule, number, customers)))
        return cells

    def clocks(self, at: int, queries: Iterable[str], cases: Iterable[tuple[str, str]]) -> list[list[tuple[Any, ...]]]:
        """What queries find at a read time when there are only these cases (kind, id) and those with news at it."""
        with self._staged(at, cases=cases, until=CLOCKS_STAGED):
            return [self._rows(query) for query in queries]

    def breaches(self, at: int) -> dict[str, int]:
        """The deadlines (epoch seconds) of all clocks that are broken at a read time, by `clock|kind/case|cycle`."""
        query = (
            "SELECT clock || '|' || kind || '/' || id || '|' || cycle, deadline FROM clock WHERE due AND NOT on_time"
        )
        with self._staged(at):
            return dict(self._rows(query))

    def behind(self, at: int, cell: Cell) -> list[tuple[Any, ...]]:
        """The records of the cases in a cell: (topic, partition, offset, key, timestamp s, admitted, body or None)."""
        query = """
            SELECT r.topic, r.partition, r.position, r.key, r.stamp,
                r.n IN (SELECT n FROM event UNION ALL SELECT n FROM voltage_event), r.body
            FROM record AS r WHERE r.seen <= getvariable('at') AND (r.key, r.family) IN (
                SELECT c.id, CASE c.case_kind WHEN 'outage' THEN 'outages' WHEN 'order' THEN 'repairs'
                    WHEN 'complaint' THEN 'complaints' ELSE 'voltage' END
                FROM content AS c JOIN place AS p ON p.scope = c.scope
                    AND (c.day = p.period OR c.day BETWEEN p.first AND p.last)
                WHERE c.scope = ? AND p.period = ? AND c.case_kind = ?
            ) ORDER BY r.key, r.n
            """
        with self._staged(at, [(cell.scope, cell.period)]):
            return self._rows(query, [cell.scope, cell.period, cell.case_kind])

    @contextmanager
    def _staged(
        self,
        at: int,
        published: Iterable[tuple[str, str]] = (),
        *,
        cases: Iterable[tuple[str, str]] | None = None,
        until: str = "",
    ) -> Iterator[None]:
        """Between begin and end there is all that a read time makes, or what the files before `until` make of it."""
        self._connection.begin()  # never committed: nothing is left for the next
        try:
            self._set("at", at)
            self._table(
                "published", "{scope: 'VARCHAR', period: 'VARCHAR'}", ({"scope": s, "period": p} for s, p in published)
            )
            if cases is not None:
                columns = "{kind: 'VARCHAR', id: 'VARCHAR'}"
                self._table("wanted", columns, ({"kind": kind, "id": key} for kind, key in cases))
                self._connection.execute(ONLY_WANTED)
            self._run("staging", until)
            yield
        finally:
            self._connection.rollback()

    def _load(self, records: Sequence[Record]) -> None:
        marks = self._settings.clock == "marks"
        wanted = (record for record in records if record.topic in FAMILIES)
        self._table(
            "record", RECORD, (_row(n, record, seen) for n, (record, seen) in enumerate(seen_at(wanted, marks=marks)))
        )
        self._table("read_time", "{instant: 'BIGINT'}", ({"instant": at} for at in self.marks))

    def _calendar(self) -> None:
        """The local days from the begin of the month of the oldest instant let through to the end of the last month."""
        query = """
            WITH seen AS (SELECT stamp AS t FROM record UNION ALL SELECT instant FROM read_time)
            SELECT (SELECT min(t) FROM seen), (SELECT max(t) FROM seen),
                (SELECT least(min(occurred_at), min(received_at)) FROM event)
            """
        first, last, told = self._rows(query)[0]
        margin = max(WINDOW_DAYS, self._settings.correction_horizon_days + 2)  # of readings
        begin, end = _date(first or 0) - timedelta(margin), _date(last or 0) + timedelta(WINDOW_DAYS)
        begin = begin if told is None else min(begin, _date(told) - timedelta(WINDOW_DAYS))
        zone = ZoneInfo(self._settings.zone)
        days = [begin + timedelta(n) for n in range((end - begin).days)]
        rows = (
            {"day": day.isoformat(), "starts": _midnight(day, zone), "ends": _midnight(day + timedelta(1), zone)}
            for day in days
        )
        self._table("calendar", "{day: 'VARCHAR', starts: 'BIGINT', ends: 'BIGINT'}", rows)

    def _table(self, name: str, columns: str, rows: Iterable[dict[str, Any]]) -> None:
        """Rows go through a file: DuckDB reads JSON Lines by the million, and takes parameters one by one."""
        with NamedTemporaryFile("wb", dir=self._folder.name, suffix=".jsonl") as file:
            for row in rows:
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            self._connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = {columns})",  # noqa: S608
                [file.name],
            )

    def _run(self, folder: str, until: str = "", since: str = "") -> None:
        for file in sorted((FOLDER / folder).glob("*.sql")):
            if file.name >= since and (not until or file.name < until):
                self._connection.execute(file.read_text())

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, parameters).fetchall()

    def _set(self, name: str, value: int | str) -> None:
        self._connection.execute(f'SET VARIABLE "{name}" = ?', [value])


def _row(n: int, record: Record, seen: int | None) -> dict[str, Any]:
    return {
        "n": n,
        "family": FAMILIES[record.topic],
        "topic": record.topic,
        "partition": record.partition,
        "position": record.offset,
        "key": _text(record.key),
        "body": _object(record.value),
        "empty": record.value is None,
        "elsewhere": record.elsewhere,
        "stamp": record.timestamp // 1000,
        "seen": seen,
    }


def _text(raw: bytes | None) -> str | None:
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return None


def _object(raw: bytes | None) -> str | None:
    """The JSON object in a value, a name that stands twice once; None where there is none."""
    try:
        value = None if raw is None else orjson.loads(raw)
    except ValueError:
        return None
    return orjson.dumps(value).decode() if isinstance(value, dict) else None


def _date(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()


def _midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local day (epoch seconds)."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
