"""A voltage point: its values day by day, and what of it the partials hold.

The facts are `days` (UTC day number to an open day, a bytearray, or a sealed one, bytes), the nominal voltage that
its readings tell, and what the terminal counted itself. Everything else follows from them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from schemas.point_key import point_id
from streams.facts import profile, sealed
from streams.facts.change import Change
from streams.facts.profile import DAY, WIDTH, Rows, is_ten_minute_mean

if TYPE_CHECKING:
    from streams.cases.point_contribution import View
    from streams.cases.point_segments import Seconds
    from streams.cases.point_weeks import Slots, Weeks
    from streams.facts.book import Book
    from streams.facts.profile import Judge

Day = bytearray | bytes
# Per phase ("-": all) and source: revision, recorded_at, monitored, over and under minutes.
Statistics = dict[str, dict[str, dict[str, list[int]]]]
NO_WEEKS: Final[Weeks] = {}  # of most points; never changed, only replaced
STATISTICS_DAYS_MAX: Final = 402  # more than any correction may reach back
MARGIN: Final = DAY  # after the sealing of a day's last slot: by how much record timestamps may be in disorder


class DayTold(NamedTuple):
    """What a point adds to a local day: seconds, and those expected (A, R); to its week: valid 10-minute means.

    `promises` are its clocks that began on the day, due and kept, by measure; `odd`: there may be some.
    """

    seconds: Seconds
    expected: int
    growth: int
    slots: Slots = ()
    promises: tuple[tuple[str, int], ...] = ()
    odd: bool = False


class State(NamedTuple):
    """What a point says about now, and until when, if nothing arrives; `late` are its clocks at risk or broken.

    `unjudged`: SUSPECT when a value that holds is, EXCLUDED when all that hold are, WAITING when none does and the
    next batch is not overdue; 0 when the point is out of limits.
    """

    out: int = 0  # OVER or UNDER
    out_long: int = 0
    silent: bool = True
    next_change: int | None = None
    late: tuple[str, ...] = ()
    unjudged: int = 0


class Window(NamedTuple):
    """What holds at the slots in [since, until), read once while a point is settled, which looks at it again and again.

    `judge` is the one by which it was read.
    """

    since: int
    until: int
    judge: Judge
    rows: Rows

    def rows_in(self, since: int, until: int) -> Rows:
        """Of a part of it; a phase without a row there is none."""
        found = {}
        for phase, of_phase in self.rows.items():
            part = of_phase[bisect_left(of_phase, (since,)) : bisect_left(of_phase, (until,))]
            if part:
                found[phase] = part
        return found


class Point:
    """`first` is its first slot, `longest` the longest cover of a value; `made` are days as the partials hold them.

    `view` is how it was seen when that was made, at `made_at`. While its values come in order it has a `row` in the
    ledger's columns, and a strand for each channel; what was made is there then. `weekly`: it has, or had, 10-minute
    means, and `weeks` is what the partials hold of them.
    """

    __slots__ = (
        "area",
        "channels",
        "connection",
        "counted",
        "days",
        "differing",
        "due_at",
        "findings",
        "first",
        "full",
        "id",
        "key",
        "longest",
        "made",
        "made_at",
        "nominal",
        "phases",
        "row",
        "state",
        "statistics",
        "strands",
        "sums",
        "suspect_for",
        "view",
        "weekly",
        "weeks",
        "window",
    )

    def __init__(self, area: str, name: str) -> None:
        self.area, self.id, self.key = area, name, f"point/{point_id(area, name)}"
        self.view: View
        self.days: dict[int, Day] = {}
        self.first: int | None = None
        self.longest = 0
        self.channels: tuple[int, ...] = ()
        self.phases: tuple[str, ...] = ()
        self.nominal: list[Any] | None = None  # revision, recorded_at, source, centivolts
        self.connection: list[Any] | None = None  # revision, recorded_at, source, connection
        self.statistics: Statistics | None = None
        self.full = False  # something of it was refused since too much had been said
        self.counted = False
        self.made_at = 0
        self.made: dict[str, DayTold] = {}
        self.sums: dict[str, tuple[int, int, int, int]] = {}  # see `point_rates`
        self.state = State()
        self.differing: frozenset[str] = frozenset()
        self.findings: tuple[str, ...] = ()
        self.suspect_for: tuple[int, tuple[str, ...]] | None = None  # as found at so many suspect seconds
        self.due_at: int | None = None
        self.weekly = False
        self.weeks: Weeks = NO_WEEKS
        self.row = -1
        self.strands: tuple[int, ...] = ()
        self.window: Window | None = None

    def stated_by(self, _fact: str, _at: int) -> None:
        """No event: the clocks of a point go by its values, whose events are not kept."""

    @property
    def own_nominal(self) -> int | None:
        """In 0.01 V, by the readings."""
        return self.nominal[3] if self.nominal is not None else None

    @property
    def own_connection(self) -> str | None:
        """By the readings."""
        return self.connection[3] if self.connection is not None else None

    def meet(self, channel: int, slot: int, length: int, book: Book, *, mean: bool) -> None:
        """Take note of a value: its phase and source, its slot, for how long it covers the time from there on."""
        self.weekly |= is_ten_minute_mean(length, mean=mean)
        if channel not in self.channels:
            self.channels = (*self.channels, channel)
            phase = book.channels.items[channel][0]
            if phase not in self.phases:
                self.phases = (*self.phases, phase)
        if self.first is None or slot < self.first:
            self.first = slot
        self.longest = max(self.longest, length)

    def put(self, day: int, entry: bytes, book: Book) -> Change:
        """Merge one packed entry into a UTC day."""
        held = self.days.get(day)
        if held is None:
            self.days[day] = bytearray(entry)
            return Change.APPLIED
        if isinstance(held, bytearray):
            return profile.put(held, entry, book)
        change, self.days[day] = sealed.merge(held, entry, book)
        return change

    def extend(self, day: int, entries: bytes, book: Book) -> set[Change]:
        """Merge packed entries of one UTC day, in order; at the end of what is there all at once."""
        held = self.days.get(day)
        if held is None:
            held = self.days[day] = bytearray()
        if isinstance(held, bytearray) and (not held or held[-WIDTH : 8 - WIDTH] < entries[:8]):
            held += entries
            return {Change.APPLIED}
        return {self.put(day, entries[at : at + WIDTH], book) for at in range(0, len(entries), WIDTH)}

    def rows(self, since: int, until: int, book: Book, judge: Judge) -> Rows:
        """What holds at the slots in [since, until), by phase and sorted."""
        window = self.window
        if window is not None and window.judge is judge and window.since <= since and until <= window.until:
            return window.rows_in(since, until)
        found: Rows = {}
        for day in range(since // DAY, (until - 1) // DAY + 1):
            held = self.days.get(day)
            if held is not None:
                slots = range(since, until)
                rows = (
                    profile.read(held, day * DAY, slots, book, judge)
                    if isinstance(held, bytearray)
                    else sealed.read(held, day * DAY, slots, book, judge)
                )
                if not found:
                    found = rows
                    continue
                for phase, of_phase in rows.items():
                    if phase in found:
                        found[phase] += of_phase
                    else:
                        found[phase] = of_phase
        return found

    def open_window(self, since: int, until: int, book: Book, judge: Judge) -> None:
        """Read once what holds in [since, until)."""
        rows = self.rows(max(since, min(self.days) * DAY), until, book, judge) if self.days else {}
        self.window = Window(since, until, judge, rows)

    def take_statistics(self, day: str, phase: str, source: str, said: list[int]) -> Change:
        """What a terminal counted on a local day; the greatest version of each source is kept."""
        if self.statistics is None:
            self.statistics = {}
        by_source = self.statistics.setdefault(day, {}).setdefault(phase, {})
        held = by_source.get(source)
        if held is not None and said <= held:
            return Change.SAME if said == held else Change.STALE
        by_source[source] = said
        if len(self.statistics) > STATISTICS_DAYS_MAX:
            del self.statistics[min(self.statistics)]
        return Change.APPLIED

    def seal(self, now: int, book: Book, judge: Judge) -> list[int]:
        """Seal every day into which nothing can come in time any more; the days that were."""
        due = [
            day
            for day, held in self.days.items()
            if isinstance(held, bytearray) and now >= (day + 1) * DAY + profile.SEAL_AFTER + MARGIN
        ]
        for day in due:
            self.days[day] = sealed.seal(self.days[day], book, judge)
        return due
