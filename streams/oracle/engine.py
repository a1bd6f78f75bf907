"""DuckDB with the records in it: `cells` is every KPI at a read time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from types import TracebackType
from typing import Any, NamedTuple, Self

import duckdb
import orjson

from streams.oracle import bounds, policy, working_days
from streams.oracle.personal import cleaned
from streams.oracle.records import FAMILIES, Record, marks_of, seen_at
from streams.oracle.values import body
from streams.oracle.zone import shifts
from streams.settings import Settings

FOLDER = Path(__file__).parent
DAY_SECONDS = 86_400
WINDOW_DAYS = 32  # the days before a read time that last30d needs, and those after it to the end of a month
WEEK_DAYS = 7
KEPT_DAYS = 400  # of points
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
MONITORED = """
    SELECT min(body ->> 'monitored_from') FROM event_body ANTI JOIN wrong USING (n)
    WHERE family = 'network' AND type = 'point'
"""
STATED = """
    SELECT min(t), max(t) FROM (
        SELECT unnest([occurred_at, recorded_at, received_at]) AS t FROM event
        UNION ALL
        SELECT unnest([first, last, recorded_at]) FROM voltage_event
    )
"""
CALENDAR = """
    CREATE TABLE calendar AS SELECT day, day_start(day) AS starts, day_start(day_after(day)) AS ends FROM local_day
"""
RECORDS_READ = "50"  # the number of the first file of admission that reads the records
CALENDAR_READ = "80"  # the number of the first file of admission that reads the calendar
CREWS_NAMED = "90"  # the number of the first file of admission that only reads what is taken
CENTURY_END = 4_102_444_800  # 2100-01-01T00:00:00Z: no event speaks of a later year, whatever its time stamp is
YEARS_AHEAD = 10 * 366 * DAY_SECONDS  # of the last read time: how far a clock may reach through local days
CLOCKS_STAGED = "44"  # the number of the first file of staging that no clock needs


Finding = tuple[str, int, int]  # the rule, its cases, the customers in question


class Cell(NamedTuple):
    """The oracle's result for one key; numerator and denominator are None if it is undefined.

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

    def __init__(self, settings: Settings, records: Sequence[Record], until: int = 0) -> None:
        """`until`: the last read time that will be asked for, where that is no mark (epoch seconds)."""
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
        newest = max([until, *self.marks, *(record.timestamp // 1000 for record in records)], default=0)
        self._set("shifts", shifts(settings.zone, min(newest, CENTURY_END) + YEARS_AHEAD))
        for name, rows in working_days.rows(policy.loaded(records, "calendar")).items():
            self._table(name, working_days.TABLES[name], rows)
        for name, rows in policy.rows(records).items():
            self._table(name, policy.TABLES[name], rows)
        self._run("admission", RECORDS_READ)
        self._load(records)
        self._run("admission", CALENDAR_READ, since=RECORDS_READ)
        self._calendar(until)
        self._run("admission", CREWS_NAMED, since=CALENDAR_READ)
        self._keep_bounds()
        self._set("crews", bounds.CREWS)
        self._run("admission", since=CREWS_NAMED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._folder.cleanup()

    @property
    def counts(self) -> tuple[int, int]:
        """How many records were read, and how many of them are events that were admitted."""
        records, events = self.rows(
            """
            SELECT (SELECT count(*) FROM record),
                (SELECT count(*) FROM event) + (SELECT count(DISTINCT n) FROM voltage_event)
            """
        )[0]
        return records, events

    def cells(
        self, at: int, kpis: Iterable[str] | None = None, published: Iterable[tuple[str, str]] = ()
    ) -> dict[str, Cell]:
        """Every cell by record key at a read time; `published` are additional scopes and periods."""
        cells = {}
        files = kpi_files()
        with self.staged(at, published):
            for name in files if kpis is None else kpis:
                for row in self.rows(CELL.format(query=files[name].read_text())):
                    cell = Cell(*row)
                    cells[f"{name}|{cell.scope}|{cell.dims}|{cell.period}"] = cell
            for key, rule, number, customers in self.rows(FINDINGS):
                if key in cells:
                    cell = cells[key]
                    cells[key] = cell._replace(present=True, findings=(*cell.findings, (rule, number, customers)))
        return cells

    def clocks(self, at: int, queries: Iterable[str], cases: Iterable[tuple[str, str]]) -> list[list[tuple[Any, ...]]]:
        """What queries find at a read time when there are only these cases (kind, id) and those with news at it."""
        with self.staged(at, cases=cases, until=CLOCKS_STAGED):
            return [self.rows(query) for query in queries]

    def breaches(self, at: int) -> dict[str, int]:
        """The deadlines (epoch seconds) of all clocks that are broken at a read time, by `clock|kind/case|cycle`."""
        query = (
            "SELECT clock || '|' || kind || '/' || id || '|' || cycle, deadline FROM clock WHERE due AND NOT on_time"
        )
        with self.staged(at):
            return dict(self.rows(query))

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
        with self.staged(at, [(cell.scope, cell.period)]):
            rows = self.rows(query, [cell.scope, cell.period, cell.case_kind])
        return cleaned(rows, self.rows("SELECT family, field, part FROM contract"))

    @contextmanager
    def staged(
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
        declared: dict[tuple[str, str, str], frozenset[str]] = {
            (family, kind, part): frozenset(fields)
            for family, kind, part, fields in self.rows(
                "SELECT family, type, part, list(field) FROM contract GROUP BY ALL"
            )
        }
        tags = dict(self.rows("SELECT family, tag FROM family"))
        wanted = (record for record in records if record.topic in FAMILIES)
        self._table(
            "record",
            RECORD,
            (
                _row(
                    n, record, seen, body(record.value, FAMILIES[record.topic], tags[FAMILIES[record.topic]], declared)
                )
                for n, (record, seen) in enumerate(seen_at(wanted, marks=marks))
            ),
        )
        self._table("read_time", "{instant: 'BIGINT'}", ({"instant": at} for at in self.marks))

    def _keep_bounds(self) -> None:
        """Leave out what its case, or its point, does not take any more."""
        cases = ("event", "fact", "counted", "entry", "change")
        refused = [*bounds.refused(self.rows(bounds.STATED, bounds.MOST))]
        self._table("filling", "{n: 'BIGINT'}", ({"n": n} for n, is_full in refused if is_full))
        self._connection.execute(bounds.FULL_CASES)
        self._leave_out((n for n, _ in refused), cases)
        points = ("voltage_event", "voltage_value")
        strangers = self.rows(bounds.BY_LATER_STRANGERS, {"strangers": bounds.POINT_STRANGERS})
        self._leave_out((n for (n,) in strangers), points)
        by_others = self.rows(bounds.BY_LATER_SOURCES, {"sources": bounds.POINT_SOURCES})
        self._leave_out((n for (n,) in by_others), points)
        crowded = self.rows(bounds.OF_CROWDED_DAYS, {"values": bounds.POINT_VALUES})
        self._leave_out(bounds.refused_values(crowded), points)

    def _leave_out(self, numbers: Iterable[int], tables: Iterable[str]) -> None:
        refused = list(numbers)
        for table in tables if refused else ():
            self._connection.execute(f"DELETE FROM {table} WHERE n IN (SELECT unnest(?))", [refused])  # noqa: S608  # our own names

    def _calendar(self, until: int) -> None:
        """The local days of all periods that anything admitted may lie in, whole months and weeks."""
        first, last = self.rows(STATED)[0]
        last = max(until, last or 0, *self.marks, 0)
        first = min([at for at in (first, *self.marks, until) if at], default=last)
        begin = (_date(first) - timedelta(WINDOW_DAYS)).replace(day=1) - timedelta(WEEK_DAYS)
        ((monitored,),) = self.rows(MONITORED)
        if monitored is not None:
            begin = min(begin, max(date.fromisoformat(monitored), _date(last) - timedelta(KEPT_DAYS + 1)))
        end = _date(last) + timedelta(WINDOW_DAYS + WEEK_DAYS)
        days = ({"day": (begin + timedelta(n)).isoformat()} for n in range((end - begin).days))
        self._table("local_day", "{day: 'VARCHAR'}", days)
        self._connection.execute(CALENDAR)

    def _table(self, name: str, columns: str, rows: Iterable[dict[str, Any]]) -> None:
        """Rows go through a file: DuckDB reads JSON Lines by the million, and takes parameters one by one."""
        with NamedTemporaryFile("wb", dir=self._folder.name, suffix=".jsonl") as file:
            for row in rows:
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            self._connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = {columns})",  # noqa: S608  # as above
                [file.name],
            )

    def _run(self, folder: str, until: str = "", since: str = "") -> None:
        for file in sorted((FOLDER / folder).glob("*.sql")):
            if file.name >= since and (not until or file.name < until):
                self._connection.execute(file.read_text())

    def rows(self, query: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over what is loaded, and within `staged` over all that its read time makes."""
        return self._connection.execute(query, parameters).fetchall()

    def _set(self, name: str, value: int | str | list[dict[str, Any]]) -> None:
        self._connection.execute(f'SET VARIABLE "{name}" = ?', [value])


def _row(n: int, record: Record, seen: int | None, body: str | None) -> dict[str, Any]:
    return {
        "n": n,
        "family": FAMILIES[record.topic],
        "topic": record.topic,
        "partition": record.partition,
        "position": record.offset,
        "key": _text(record.key),
        "body": body,
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


def _date(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()
