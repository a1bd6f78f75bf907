"""All sources' partials added up: every cell at one read time, with marks as a barrier or live."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import orjson

from streams.cells.consolidate import Measures
from streams.cells.partials import parse
from streams.cells.sums import NOTHING, Line
from streams.dimensions.periods import LAST_30_DAYS, days, kind, local_day, month_of, next_day, origin
from streams.dimensions.scopes import NOW, Cell, Change, split
from streams.measures import is_per_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STATUS = "status"  # the key of the status record of a source, among the keys of cells
STATUS_KEY = STATUS.encode()

Update = tuple[Cell, Measures]


class Source:
    """One source partition: its cells, its read time, and with marks the updates that wait for other sources."""

    __slots__ = ("cells", "marks", "staged", "status", "time")

    def __init__(self) -> None:
        self.cells: dict[Cell, Measures] = {}
        self.time: int | None = None
        self.status: dict[str, Any] | None = None
        self.staged: list[tuple[int | None, Update]] = []
        self.marks: deque[tuple[int, list[Update]]] = deque()

    def close(self, at: int) -> None:
        """A status ends the updates up to `at`; a tombstone, which has no read time, belongs to them."""
        due = [update for as_of, update in self.staged if as_of is None or as_of <= at]
        self.staged = [(as_of, update) for as_of, update in self.staged if as_of is not None and as_of > at]
        self.marks.append((at, due))


class Totals:
    """With marks, values stand at `as_of` = the last mark that `advance` came to; all sources are complete there.

    Live, `as_of` is the oldest source's read time; what grows is taken there, of all sources, so that every value and
    the rows of the cases behind it are of one instant. Values of sources that are ahead are included.
    """

    def __init__(
        self, partitions: int, zone: str, *, marks: bool, stale_after: int = 10, made_with: int | None = None
    ) -> None:
        """`made_with`: the version of this program's sums."""
        self.zone, self.marks, self.stale_after, self._made_with = zone, marks, stale_after, made_with
        self.sources = [Source() for _ in range(partitions)]
        self.missing_days: set[str] = set()
        self._cells: dict[tuple[str, str], Line] = {}  # by Cell; a plain pair finds it
        self._days: dict[str, set[str]] = {}
        self._months: dict[str, set[str]] = {}  # those with a cell of their own
        self._weeks: dict[str, set[str]] = {}
        self._windows: dict[str, dict[str, Line]] = {}
        self._at: int | None = None
        self._today = ""

    # -- records of the topic -----------------------------------------------------------------------------------------

    def apply(self, number: int, key: str, value: bytes | None) -> set[Change]:
        """Take one record of a source, by its number; returns what changed at once, which with marks is nothing."""
        source = self.sources[number]
        if key == STATUS:
            return self._receive_status(source, value)
        cell, (as_of, measures) = split(key), parse(value)
        if self.marks:
            source.staged.append((as_of, (cell, measures)))
            return set()
        if as_of is not None and as_of > (source.time or 0):
            source.time = as_of
            self._roll()
        return set(self._replace(number, cell, measures, source.time or 0))

    def _receive_status(self, source: Source, value: bytes | None) -> set[Change]:
        status = None if value is None else orjson.loads(value)
        if status is not None and status["as_of"]:  # a source without a read time has published no values
            source.status = status
            self._miss(status.get("gaps", ()))
            at: int = status["as_of"]
            if self.marks:
                source.close(at)
            source.time = max(at, source.time or at)
            if not self.marks:
                self._roll()
        return set()

    def _miss(self, gaps: Iterable[tuple[int, int | None]]) -> None:
        """Remember the local days of which input records are missing; a gap with one end that is known has one day."""
        for begin, end in gaps:
            if not (begin or end):
                continue
            day, last = local_day(begin or end or 0, self.zone), local_day(end or begin, self.zone)
            while day <= last:
                self.missing_days.add(day)
                day = next_day(day)

    def advance(self) -> Iterator[tuple[int, set[Change]]]:
        """With marks: go to each next mark that every source has reported complete, and say what changed there."""
        while self.marks and all(source.time is not None for source in self.sources):
            reached = min(source.time for source in self.sources if source.time is not None)
            waiting = [source.marks[0][0] for source in self.sources if source.marks]
            if not waiting or min(waiting) > reached:
                return
            self._at = at = max(min(waiting), self._at or 0)
            self._roll()
            changed: set[Change] = set()
            for number, source in enumerate(self.sources):
                while source.marks and source.marks[0][0] <= at:
                    for cell, measures in source.marks.popleft()[1]:
                        changed.update(self._replace(number, cell, measures, at))
            yield at, changed

    def _replace(self, number: int, cell: Cell, measures: Measures, at: int) -> Iterator[Change]:
        """Put a source's amounts of a cell in the place of its old ones, in the cell and in the windows it is in."""
        cells = self.sources[number].cells
        before = cells.get(cell, {})
        if measures:
            cells[cell] = measures
        else:
            cells.pop(cell, None)
        scope, period = cell
        line, windows = self._cells.setdefault(cell, Line()), self._in_windows(scope, period)
        for each in (line, *windows):
            each.touch(at)
        summed = kind(period) == "day"
        start = origin(period, self.zone)
        for name in before.keys() | measures.keys():
            (old, old_rate), (new, new_rate) = before.get(name, (0, 0)), measures.get(name, (0, 0))
            if (old, old_rate) != (new, new_rate):
                rate = new_rate - old_rate
                for each in (line,) if summed and is_per_period(name) else (line, *windows):
                    each.add(name, new - old - rate * start, rate)
                yield Change(scope, period, name)

    def _in_windows(self, scope: str, day: str) -> list[Line]:
        """The windows that a cell is in: a day in all around it, a month's own and that of 30 days in one each."""
        windows = self._windows.get(scope, {})
        match kind(day):
            case "day":
                self._days.setdefault(scope, set()).add(day)
                return [line for period, line in windows.items() if day in days(period, self._today)]
            case "month":
                self._months.setdefault(scope, set()).add(day)
            case "week":
                self._weeks.setdefault(scope, set()).add(day)
        return [windows[day]] if day in windows else []

    def _roll(self) -> None:
        """When the local date changes, windows that move with it are made anew on their next reading."""
        today = local_day(self.as_of or 0, self.zone)
        if today != self._today:
            self._today = today
            self._windows.clear()

    # -- what readers ask ----------------------------------------------------------------------------------------------

    @property
    def as_of(self) -> int | None:
        """The read time of everything here: the mark, or the oldest source's; None before the first status."""
        if self.marks:
            return self._at
        return min((source.time for source in self.sources if source.time is not None), default=None)

    @property
    def newest(self) -> int | None:
        """The read time of the source that is furthest; live, this moves on also while another source stands still."""
        if self.marks:
            return self._at
        return max((source.time for source in self.sources if source.time is not None), default=None)

    @property
    def complete(self) -> bool:
        """Whether every source has reported, and none is further than `stale_after` seconds behind the newest."""
        if self.marks:
            return self._at is not None
        times = [source.time for source in self.sources if source.time is not None]
        return len(times) == len(self.sources) and max(times) - min(times) <= self.stale_after

    @property
    def agrees(self) -> bool:
        """Whether all sums are of this version; those of another one may have other measures under the same names."""
        statuses = [source.status for source in self.sources if source.status is not None]
        return all(status.get("made_with") == self._made_with for status in statuses)

    def scopes(self) -> set[str]:
        """All scopes any source has ever had a cell in."""
        return {scope for scope, _ in self._cells}

    def days(self, scope: str) -> set[str]:
        """The days of which a scope has, or had, a cell."""
        return self._days.get(scope, set())

    def measures(self, scope: str, period: str) -> dict[str, int]:
        """The measures of a scope in a period (now, day, week, month, last30d), zero ones left out; read only."""
        return self.line(scope, period).at(self.as_of or 0)

    def value(self, cell: Cell, measure: str) -> int:
        """One measure of a cell, such as customers_out|fault, with everything below it: customers_out is all kinds."""
        measures = self._cells.get(cell, NOTHING).at(self.as_of or 0)
        return sum(amount for name, amount in measures.items() if name == measure or name.startswith(f"{measure}|"))

    def grows(self, cell: Cell) -> bool:
        """Whether any measure of a cell grows by itself."""
        return bool(self._cells.get(cell, NOTHING).rates)

    def line(self, scope: str, period: str) -> Line:
        """The sums of a scope in a period; a window's are kept up to date from the first question on.

        A month's and those of 30 days are the sums of their days and of the cell that is the period's own. A week has
        only the latter: no measure of days is asked for by the week.
        """
        if kind(period) in {NOW, "day", "week"}:
            return self._cells.get((scope, period), NOTHING)
        windows = self._windows.setdefault(scope, {})
        if period not in windows:
            windows[period] = line = Line()
            known = self.days(scope)
            for day in days(period, self._today):
                if day in known:
                    line.include_day(self._cells[scope, day])
            line.include(self._cells.get((scope, period), NOTHING))
            if period == LAST_30_DAYS:
                line.touch(max((self._cells[scope, day].changed_at for day in known), default=0))
        return windows[period]

    def months(self, scope: str) -> set[str]:
        """The months of which a scope has, or had, a cell."""
        return {month_of(day) for day in self.days(scope)} | self._months.get(scope, set())

    def weeks(self, scope: str) -> set[str]:
        """The weeks of which a scope has, or had, a cell."""
        return self._weeks.get(scope, set())
