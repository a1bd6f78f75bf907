"""Who is in the columns: a row for each point, a strand for each of its phases; how they come in and get out."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from streams.cases.point_arrivals import Arrivals, Limits
from streams.cases.point_bounds import is_crowded
from streams.cases.point_clocks import added
from streams.cases.point_contribution import day_before
from streams.cases.point_excursions import NEVER, brief_of
from streams.cases.point_flow import COUNTED, FAR, cover_of
from streams.cases.point_intake import NO_PHASE
from streams.cases.point_limits import least_plausible
from streams.cases.point_rates import NO_SUMS, is_enough
from streams.cases.point_segments import GRID, Seconds
from streams.cases.point_slots import NONE, POINT, STRAND, Slots
from streams.dimensions.periods import LAST_30_DAYS, month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.cases.point import Point
    from streams.cases.point_clocks import Promises
    from streams.cases.point_intake import Voice
    from streams.cases.point_tail import Tail
    from streams.facts.book import Book

    Group = tuple[tuple[str, ...], str, Promises]  # scopes, monitoring class, what an excursion promises


class Seats:
    """Values come through `arrivals`.

    `begun` are the runs of today that were looked at, by point: when each ends, and what its clocks count. Others were
    kept, and nobody looked. A point outside may have strands too: until it is settled by itself, what comes after its
    last value is merged with much else at once.
    """

    def __init__(self, book: Book, voices: Sequence[Voice]) -> None:
        self.day, self.start, self.end = "", 0, 0
        self.arrivals = Arrivals(voices)
        self.begun: dict[Point, list[tuple[int, Promises]]] = {}
        self._book = book
        self._values = array("q")  # strand, slot, cover: of those that came since the last settling
        self._points: dict[int, Point] = {}
        self._slots, self._strands = Slots(POINT, "next_change", FAR), Slots(STRAND, "point", NONE)
        self._outside: dict[int, tuple[Point, int]] = {}  # by strand: whose it is, and its channel
        self._given_back: list[int] = []  # strands of which values may still be on their way
        self._groups: dict[Group, int] = {}
        self.barred: set[Point] = set()  # they do not come in
        self._broke_on: list[Point] | None = None

    def __iter__(self) -> Iterator[Point]:
        return iter(list(self._points.values()))

    def begin(self, day: str, start: int, end: int) -> None:
        """A new local day; nobody is there yet."""
        self.day, self.start, self.end = day, start, end
        self._groups = {}

    def take_in(self, point: Point, tail: Tail, now: int) -> bool:
        """Take over a point that was just settled with this tail; False if it has to be settled by itself.

        Each phase has one source, so that a later slot is a later value; what began before the day is over, and no day
        after it has begun. One of which no value moves has none that its clock would wait with.
        """
        one_source = len(point.channels) == len(point.phases)
        over = now >= tail.start + max(point.longest, GRID)
        only = tail.day in point.made and point.made.keys() <= {tail.day, day_before(tail.day)}
        if not (one_source and over and only and tail.rows) or is_crowded(point) or point in self.barred:
            return False
        if tail.day != self.day:
            self.begin(tail.day, tail.start, tail.end)
        index = point.row = self._slots.take()
        self._points[index] = point
        limits, brief = point.view.limits, brief_of(point, point.view, tail.start)
        out, out_long, silent, change, _, unjudged = point.state
        month, last30d = (point.sums.get(period, NO_SUMS) for period in (month_of(tail.day), LAST_30_DAYS))
        self._slots.rows[index] = (  # in the order of POINT, all at once
            tuple(tail.counted[COUNTED.start : COUNTED.stop]),
            point.made[tail.day].seconds,
            month[:2],
            last30d[:2],
            is_enough(month, point.view),
            is_enough(last30d, point.view),
            out,
            out_long,
            silent,
            unjudged,
            bool(out or silent or unjudged or point.findings),
            change or FAR,
            now,
            self._groups.setdefault((point.view.scopes, point.view.group, brief.promises), len(self._groups)),
            NONE if limits.nominal is None else limits.nominal,
            limits.low,
            limits.high,
            least_plausible(limits),
            brief.seconds if len(point.channels) == 1 else NEVER,
            max(tail.last.values()),
            0,
        )
        point.due_at = None  # `next_change` is
        point.strands = tuple(self._take_strand(point, channel, tail) for channel in point.channels)
        return True

    def _take_strand(self, point: Point, channel: int, tail: Tail) -> int:
        strand = self._strands.take()
        phase, _ = self._book.channels.items[channel]
        rows = tail.rows.get(phase, ())
        moving = [(slot, cover_of(length, mean=mean) | verdict) for slot, length, mean, verdict, _ in rows]
        first = (*moving[0], tail.runs[phase]) if moving else (NONE, 0, 0)
        self._strands.rows[strand] = (point.row, *first)
        for slot, cover in moving[1:]:
            self._values.extend((strand, slot, cover))
        last = max(tail.last.get(phase, 0), self.start - 1)
        self.arrivals.open(strand, self._about(point, channel), (last, self.end), point.longest)
        return strand

    def _about(self, point: Point, channel: int) -> tuple[str, str, str | None, str]:
        phase, source = self._book.channels.items[channel]
        return point.area, point.id, None if phase == NO_PHASE else phase, source

    def follow(self, point: Point, channel: int, last: int, end: int) -> None:
        """Let in what comes after the last value of a point outside, up to `end`: it only becomes part of its days."""
        strand = self._strands.take()
        self._outside[strand] = point, channel
        point.strands = (*point.strands, strand)
        self.arrivals.open(strand, self._about(point, channel), (last, end), point.longest)

    def follow_no_more(self, point: Point, channel: int | None = None) -> None:
        """Nothing of a point outside, or of one of its channels; what is on the way was unloaded before."""
        for strand in point.strands:
            if channel is None or self._outside[strand][1] == channel:
                del self._outside[strand]
                self.arrivals.close(strand)
                self._strands.free.append(strand)
        point.strands = tuple(strand for strand in point.strands if strand in self._outside)

    def point_of(self, strand: int) -> Point:
        """Whose it is, inside or outside."""
        outside = self._outside.get(strand)
        return self._points[int(self._strands.rows[strand]["point"])] if outside is None else outside[0]

    def abandon(self, point: Point) -> None:
        """Give back whatever a point has of the columns, though it came in only in part; it comes in no more."""
        self.barred.add(point)
        for channel in point.channels:
            strand = self.arrivals.strand_of.pop((point.area.encode(), *self._about(point, channel)), None)
            if strand is not None:
                self._strands.rows[strand]["point"] = NONE
                self._given_back.append(strand)
        if point.row != NONE:
            self._slots.rows[point.row]["next_change"] = FAR
            self._points.pop(point.row, None)
            self._slots.free.append(point.row)
        point.row, point.strands = NONE, ()

    def covers(self, point: Point, slot: int, length: int) -> bool:
        """Whether it is in, and a value changes nothing but the day of the columns, and now."""
        return point.row != NONE and self.start <= slot < self.end and length <= point.longest

    def unload(self) -> Iterator[tuple[Point, int, bytes]]:
        """What has arrived, as packed entries by point and UTC day; it waits to be settled."""
        if self.arrivals.waiting:
            arrived = self.arrivals.unload()
            point = self._strands.rows["point"][arrived.strand]
            if self._outside:
                outside = point == NONE
                of = arrived.those(outside)
                for strand, day, entries in of.blocks(of.strand):
                    yield self._outside[strand][0], day, entries
                arrived, point = arrived.those(~outside), point[~outside]
            rows = self._slots.rows[point]
            limits = Limits(rows["nominal"], rows["low"], rows["high"], rows["plausible_from"])
            self._values.frombytes(arrived.judged(limits).tobytes())
            for row, day, entries in arrived.blocks(point):
                yield self._points[row], day, entries

    def release(self, point: Point) -> None:
        """Give a point back, with what the partials hold of it; values not settled yet are in its days."""
        self.sync(point)
        for strand in point.strands:
            self.arrivals.close(strand)
            self._strands.rows[strand]["point"] = NONE
            self._given_back.append(strand)
        self._slots.rows[point.row]["next_change"] = FAR
        self._slots.free.append(point.row)
        del self._points[point.row]
        self.begun.pop(point, None)
        point.row, point.strands = NONE, ()

    def sync(self, point: Point) -> None:
        """Write what the partials hold of it to the point."""
        row = self._slots.rows[point.row]
        made = point.made[self.day]
        if row["kept"]:
            kept = self._promises(row["group"], int(row["kept"]))
            made = made._replace(promises=added((made.promises, kept)))
            if point in self.begun:
                self.begun[point].append((NONE, kept))
            row["kept"] = 0
        point.made[self.day] = made._replace(seconds=Seconds(*map(int, row["told"])))
        for period, name in ((month_of(self.day), "month"), (LAST_30_DAYS, "last30d")):
            compliant, monitored = map(int, row[name])
            _, _, covered, expected = point.sums.get(period, NO_SUMS)  # of days that are over: as they were
            point.sums[period] = sums = compliant, monitored, covered, expected
            if not any(sums):
                del point.sums[period]
        point.made_at = int(row["made_at"])

    def _promises(self, group: int, kept: int) -> Promises:
        """Of so many excursions of a point of the group."""
        return tuple((name, kept * count) for name, count in list(self._groups)[group][2])

    def read(self, point: Point, since: int, found: Iterable[tuple[int, int, Promises]]) -> None:
        """Runs that end at `since` or later: when each began and ends, and what its clocks count; others stand."""
        begun = [each for each in self.begun.get(point, ()) if each[0] < since]
        row = self._slots.rows[point.row]
        for began_at, ended_at, promises in found:
            row["read"] = max(row["read"], began_at)
            if began_at >= self.start:
                begun.append((ended_at, promises))
        self.begun[point] = begun

    def watch(self, point: Point, *, watched: bool) -> None:
        """Whether the point has a summary."""
        self._slots.rows[point.row]["watched"] = watched

    def wake(self, point: Point, at: int | None) -> None:
        """Let its time come no later than then."""
        row = self._slots.rows[point.row]
        row["next_change"] = min(row["next_change"], FAR if at is None else at)
