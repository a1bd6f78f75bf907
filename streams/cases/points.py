"""The voltage points of one source partition: as `Ledger`, but a point's days are replaced one by one. Pure.

A contribution has many days, and an event changes one of them. So before the first change of a day what the partials
hold of it is computed, and at `settle` it is replaced by what holds then; months, the last 30 days and now follow. What
reaches further (the first slot, a nominal voltage) has the whole contribution kept before. Live, a point that many
events touch within a second is settled once.
"""

from __future__ import annotations

import heapq
import traceback
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from schemas.codec import InvalidEvent, decode_batch
from streams.cases import point_intake
from streams.cases.contribution import Contribution, earliest
from streams.cases.interface import Refused, Settled, Verdict
from streams.cases.point import DayTold, Point, State
from streams.cases.point_contribution import (
    NOT_TOLD,
    View,
    alike,
    amounts_of,
    day_amounts,
    day_before,
    day_of,
    days_of,
    differs,
    direction,
    findings_of,
    now_amounts,
    oldest_day,
    rate_amounts,
    recent,
    scopes_of,
    shifted,
    span,
    state_at,
    summary_of,
    sums_of,
    view_of,
)
from streams.cases.point_intake import Intake, admit
from streams.cases.point_segments import GRID
from streams.cases.point_store import ABOUT, about_value, book_rows, day_value, load_day, prefix_of, read_rows
from streams.cases.point_store import day_of as stored_day
from streams.cases.point_sums import Sums, spread
from streams.cells.periods import day_end, local_day, next_day, rolling
from streams.cells.scopes import NOW
from streams.facts.change import Change
from streams.facts.profile import CHANNELS, DAY, ENTRY, Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from streams.cases.audit import Audit
    from streams.cases.interface import Incoming
    from streams.cases.reference import Reference
    from streams.cells.partials import Partials

WHOLE_AFTER = 2 * DAY  # made longer ago, as at the very first time, which is 1970: all days are as quick as the changed
BATCH = 256  # records decoded in one go; one that is invalid has all of them decoded again
OUTCOMES = {Change.APPLIED: "applied", Change.SAME: "duplicate", Change.STALE: "stale"}
Amounts = dict[tuple[str, str], tuple[int, int]]


class Fold(NamedTuple):
    """What comes of all facts of a point."""

    told: dict[str, DayTold]
    state: State
    differing: frozenset[str]
    found: tuple[str, ...]
    amounts: Amounts


class Area:
    """A transformer area, as far as its points make it out of limits: how many are over, how many under."""

    __slots__ = ("id", "out", "scopes", "told")

    def __init__(self, name: str) -> None:
        self.id = name
        self.out: dict[int, int] = {}
        self.told: Amounts = {}
        self.scopes: tuple[str, ...] = ()

    @property
    def ledger_key(self) -> str:
        """Its key among the cases."""
        return f"area/{self.id}"


class PointLedger:
    """`owns` says whether the events of an area come to this partition: points of the network count also unheard."""

    def __init__(self, partials: Partials, reference: Reference, owns: Callable[[str], bool]) -> None:
        self.partials, self.reference = partials, reference
        self.cases: dict[str, Point | Area] = {}
        self.defects: dict[str, str] = {}
        self.unknown_fields = 0
        self.audit: Audit | None = None
        self._owns = owns
        self._book = Book()
        self._intake = Intake(self._book)
        self._points: dict[tuple[str, str], Point] = {}
        self._areas: dict[str, Area] = {}
        self._marked: dict[Point, Amounts | None] = {}  # with all that the partials hold, where days do not say it
        self._old_scopes: dict[Point, tuple[str, ...]] = {}
        self._unsaved: set[tuple[Point, int | str]] = set()
        self._told: dict[Point, tuple[str, ...]] = {}  # points with a summary, and the findings in it
        self._breakpoints: list[tuple[int, int, Point]] = []
        self._pushed = 0
        self._settled_at: int | None = None
        self._touched: set[str] = set()  # areas
        self._retell = False
        self._add_network_points()

    # -- what comes in -------------------------------------------------------------------------------------------------

    def apply(self, family: str, records: Sequence[Incoming], now: int) -> tuple[dict[str, int], Refused]:
        """Take records in order: how many became what, and those that could not be applied, with the reason."""
        counts: dict[str, int] = {}
        refused: Refused = []
        for first in range(0, len(records), BATCH):
            batch = records[first : first + BATCH]
            for record, decoded in zip(batch, decode_batch(family, [record.value for record in batch]), strict=True):
                if isinstance(decoded, InvalidEvent):
                    verdict = Verdict("rejected", decoded.reason, decoded.detail)
                else:
                    self.unknown_fields += decoded.unknown_fields
                    result = self._take(decoded.event, record.key, record.timestamp // 1000)
                    if isinstance(result, Change):
                        outcome = OUTCOMES[result]
                        counts[outcome] = counts.get(outcome, 0) + 1
                        continue
                    verdict = result
                counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
                refused.append((record, verdict))
        return counts, refused

    def _take(self, event: Any, key: bytes | None, timestamp: int) -> Change | Verdict:
        if key != event.area.encode():
            return Verdict("rejected", "misrouted", f"the record's key is not the event's area {event.area!r}")
        reason = admit(event, timestamp, self.reference.rules)
        if reason is not None:
            return Verdict("rejected", reason)
        point = self._point(event.area, event.point)
        try:
            return self._merge(point, event, timestamp)
        except Exception:  # noqa: BLE001  # a bug in pure code: the record is kept aside, the partition goes on
            self._unsaved.update((point, day) for day in point.days)
            self._unsaved.add((point, ABOUT))
            return Verdict("defect", "defect", traceback.format_exc())

    def _merge(self, point: Point, event: Any, timestamp: int) -> Change:
        if event.event_type == point_intake.STATISTICS:
            return self._take_statistics(point, event)
        if event.nominal_centivolts is not None:
            self._take_nominal(point, event)
        if event.event_type == point_intake.READING:
            slot, length, entry = self._intake.reading(event, timestamp, self.reference.rules.voltage_interval_seconds)
            return self._put(point, slot, length, entry)
        entries = [*self._intake.frame(event, timestamp)]
        first = entries[0][0]
        length = self._book.tags.items[ENTRY.unpack(entries[0][1])[1]].length
        changes = {self._put(point, first, length, entries[0][1])}
        self._mark(point, first, entries[-1][0] - first + point.longest)
        for day, of_day in groupby(entries[1:], lambda entry: entry[0] // DAY):
            said = [entry for _, entry in of_day]
            changed = point.extend(day, said, self._book)
            changes |= changed
            if Change.APPLIED in changed:
                self._unsaved.add((point, day))
        return Change.APPLIED if Change.APPLIED in changes else min(changes)

    def _put(self, point: Point, slot: int, length: int, entry: bytes) -> Change:
        """Merge one entry; before it changes anything, what the partials hold is remembered."""
        phase = self._book.channels.items[int.from_bytes(entry[:8]) & CHANNELS][0]
        if phase not in point.phases or point.first is None or slot < point.first:
            self._mark_all(point)
            point.first = slot if point.first is None else min(slot, point.first)
            if phase not in point.phases:
                point.phases = (*point.phases, phase)
        else:
            self._mark(point, slot, max(length, point.longest))
        point.longest = max(length, point.longest)
        day = slot // DAY
        change = point.put(day, entry, self._book)
        if change is Change.APPLIED:
            self._unsaved.add((point, day))
        return change

    def _take_nominal(self, point: Point, event: Any) -> None:
        said = [event.revision, event.recorded_at, event.source, event.nominal_centivolts]
        if point.nominal is None or said > point.nominal:
            if point.own_nominal != event.nominal_centivolts:
                self._mark_all(point)
            point.take_nominal(said)
            self._unsaved.add((point, ABOUT))

    def _take_statistics(self, point: Point, event: Any) -> Change:
        self._mark_all(point)
        said = [event.revision, event.recorded_at, event.monitored_minutes, event.over_minutes, event.under_minutes]
        change = point.take_statistics(event.day, event.phase or point_intake.NO_PHASE, event.source, said)
        if change is Change.APPLIED:
            self._unsaved.add((point, ABOUT))
        return change

    def _point(self, area: str, name: str) -> Point:
        point = self._points.get((area, name))
        if point is None:
            point = self._points[area, name] = Point(area, name, self.reference)
            self.cases[point.ledger_key] = point
        return point

    def _add_network_points(self) -> None:
        for name, info in self.reference.network.points.items():
            if self._owns(info.area):
                point = self._point(info.area, name)
                if not point.counted:
                    self._marked.setdefault(point)

    # -- what is to be replaced ----------------------------------------------------------------------------------------

    def _mark(self, point: Point, slot: int, reach: int) -> None:
        """What a value may change: the local days from its slot on, as far as it, or one that it replaces, covers.

        And those of a mean before it that was not over yet: cut short, it may be.
        """
        if point not in self._marked:
            self._marked[point] = None
        if not point.counted or self._marked[point] is not None:
            return
        zone = point.made_with.rules.zone
        first = slot - point.longest if slot + reach > point.made_at else slot
        day, last = local_day(first, zone), local_day(slot + reach, zone)
        while True:
            if day not in point.made:
                point.made[day] = day_of(point, view_of(point, point.made_with), day, point.made_at, self._book)
            if day >= last:
                return
            day = next_day(day)

    def _mark_all(self, point: Point) -> None:
        if self._marked.get(point) is None:
            self._marked[point] = self._held(point)
            self._old_scopes[point] = view_of(point, point.made_with).scopes

    def _held(self, point: Point) -> Amounts:
        """All that the partials hold of a point, from its facts, and from what was remembered before they changed."""
        before = self._marked.get(point)
        if before is not None:
            return before
        if not point.counted:
            return {}
        view, now = view_of(point, point.made_with), point.made_at
        if point not in self._marked:
            return self._fold(point, view, now).amounts
        told = self._days(point, view, now, point.made)
        return amounts_of(point, view, told, local_day(now, view.zone), (point.state, point.findings))

    def _fold(self, point: Point, view: View, now: int) -> Fold:
        """All of a point anew."""
        told = self._days(point, view, now, {})
        state = state_at(point, view, now, self._book)
        differing = frozenset(day for day in point.statistics or () if differs(point, view, day, now, self._book))
        found = findings_of(point, view, recent(told, view, now), differing)
        return Fold(
            told, state, differing, found, amounts_of(point, view, told, local_day(now, view.zone), (state, found))
        )

    def _days(self, point: Point, view: View, now: int, known: Mapping[str, DayTold]) -> dict[str, DayTold]:
        return {
            day: known[day] if day in known else day_of(point, view, day, now, self._book)
            for day in days_of(point, view, now)
        }

    def present(self, case: Point | Area) -> Contribution:
        """What the partials hold of a point, or of an area."""
        if isinstance(case, Area):
            return Contribution(spread(case.scopes, case.told))
        scopes = self._old_scopes.get(case) or view_of(case, case.made_with).scopes
        return Contribution(spread(scopes, self._held(case)), case.findings)

    def due(self, now: int) -> None:
        """Mark every point with a breakpoint at or before `now` (seconds)."""
        heap = self._breakpoints
        while heap and heap[0][0] <= now:
            at, _, point = heapq.heappop(heap)
            if point.breakpoint == at:
                point.breakpoint = None
                self._marked.setdefault(point)

    def refer(self, reference: Reference) -> None:
        """Take new reference data: what sees a point otherwise changes its contribution.

        The same once more asks for all points to be told again: what was told before a restart is not known.
        """
        self._retell |= reference is self.reference
        self.reference = reference
        self._add_network_points()
        for point in self._points.values():
            if self._retell or not point.counted or not alike(point, reference):
                self._marked.setdefault(point)
            elif point not in self._marked:
                point.made_with = reference
        self._touched.update(self._areas)

    # -- what comes of it ----------------------------------------------------------------------------------------------

    def settle(self, now: int) -> Iterator[Settled]:
        """Replace the contribution of every marked point by the one at `now`; once for each second of it."""
        if now == self._settled_at:
            return
        self._settled_at = now
        sums, settled = Sums(), []
        touched, self._touched = self._touched, set()
        for point in list(self._marked):
            sums = self._for_audit(sums)
            out = point.state.out
            view = self._settle_point(point, sums, now)
            self._heard(point, sums)
            if point.state.out != out:
                self._count_out(point.area, out, point.state.out)
                touched.add(point.area)
            summary = summary_of(point, view, point.state, now, self._book) if point.counted else {}
            before = self._told.pop(point, None)
            if summary:
                self._told[point] = point.findings
            if summary or before is not None or (self._retell and point.days):
                settled.append((point, view, summary, before))
        for area in sorted(touched):
            sums = self._for_audit(sums)
            self._settle_area(self._areas[area], sums)
            self._heard(self._areas[area], sums)
        self._add(sums)
        self._retell = False
        for point, view, summary, before in settled:
            # In the summary only what it adds to now: its days may be hundreds, and no list is made of them.
            amounts = spread(view.scopes, now_amounts(point.state, point.findings, view.group)) if summary else {}
            contribution = Contribution(amounts, point.findings, point.breakpoint, summary)
            yield Settled(point, contribution, before or (), before is not None)

    def _for_audit(self, sums: Sums) -> Sums:
        """While an audit goes on, it must hear of every case by itself."""
        if self.audit is None:
            return sums
        self._add(sums)
        return Sums()

    def _heard(self, case: Point | Area, sums: Sums) -> None:
        if self.audit is not None:
            self.audit.replaced(case.ledger_key, {}, sums.spread())

    def _add(self, sums: Sums) -> None:
        for key, (fixed, rate) in sums.spread().items():
            if fixed or rate:
                self.partials.add(key, fixed, rate)

    def _settle_point(self, point: Point, sums: Sums, now: int) -> View:
        view = view_of(point, self.reference)
        long_ago = now - point.made_at > WHOLE_AFTER
        whole = self._marked[point] is not None or not point.counted or long_ago or not alike(point, self.reference)
        try:
            if whole:
                scopes = self._old_scopes.pop(point, None) or view_of(point, point.made_with).scopes
                old = self._held(point)
                new = self._count(point, view, now)
                sums.replace(scopes, old, {})
                sums.replace(view.scopes, {}, new)
            else:
                old, new = self._change(point, view, now)
                sums.replace(view.scopes, old, new)
        except Exception:  # noqa: BLE001  # a bug in pure code: the point is flagged and contributes nothing
            self.defects[point.key] = traceback.format_exc()
            sums.replace(view_of(point, point.made_with).scopes, self._held(point), {})
            point.counted, point.made, point.sums, point.state = False, {}, {}, State()
        else:
            self.defects.pop(point.key, None)
            self._seal(point, view, now)
        del self._marked[point]
        point.made_at, point.made_with = now, self.reference
        return view

    def _count(self, point: Point, view: View, now: int) -> Amounts:
        """All of a point, as of `now`; it is remembered what the next change needs."""
        fold = self._fold(point, view, now)
        today = local_day(now, view.zone)
        point.counted, point.sums = True, sums_of(fold.told, today)
        point.made = {day: told for day, told in fold.told.items() if day >= day_before(today)}
        self._note(point, fold.state, fold.differing, fold.found, day_end(today, view.zone))
        return fold.amounts

    def _note(
        self, point: Point, state: State, differing: frozenset[str], found: tuple[str, ...], midnight: int
    ) -> None:
        point.state, point.differing, point.findings = state, differing, found
        at = earliest(midnight, state.next_change)
        assert at is not None
        if at != point.breakpoint:  # otherwise it waits there already
            point.breakpoint = at
            self._pushed += 1
            heapq.heappush(self._breakpoints, (at, self._pushed, point))

    def _change(self, point: Point, view: View, now: int) -> tuple[Amounts, Amounts]:
        """Only what differs from what the partials hold: old and new amounts of the same keys."""
        before, book = point.made_at, self._book
        was, today = local_day(before, view.zone), local_day(now, view.zone)
        days = {*point.made, *span(local_day(before - max(point.longest, GRID), view.zone), today)}
        if today != was:
            days.update({*rolling(was)}.difference(rolling(today)), span(oldest_day(was), oldest_day(today)))
        kept, still_kept = oldest_day(was), oldest_day(today)
        old = {
            day: point.made.get(day) or day_of(point, view, day, before, book) if day >= kept else NOT_TOLD
            for day in days
        }
        new = {day: day_of(point, view, day, now, book) if day >= still_kept else NOT_TOLD for day in days}
        sums = shifted(point.sums, old, new, was, today)
        state = state_at(point, view, now, book)
        differing = point.differing
        if point.statistics:
            differing -= days
            differing |= {day for day in days if differs(point, view, day, now, book)}
        found = findings_of(point, view, recent(new, view, now), differing)
        group = view.group
        old_amounts = now_amounts(point.state, point.findings, group)
        new_amounts = now_amounts(state, found, group)
        for day in days:
            if old[day] != new[day]:
                old_amounts |= day_amounts(day, old[day], group)
                new_amounts |= day_amounts(day, new[day], group)
        for period in point.sums.keys() | sums.keys():
            old_amounts |= rate_amounts(period, point.sums.get(period, (0, 0)), group)
            new_amounts |= rate_amounts(period, sums.get(period, (0, 0)), group)
        point.sums = sums
        point.made = {day: told for day, told in new.items() if day >= day_before(today)}
        self._note(point, state, differing, found, day_end(today, view.zone))
        return old_amounts, new_amounts

    def _seal(self, point: Point, view: View, now: int) -> None:
        # Without the network's word the nominal voltage may still change with any reading, and all verdicts with it.
        if view.info is not None and view.limits.sealable:
            for day in point.seal(now, self._book, view.judge):
                self._unsaved.add((point, day))

    def _count_out(self, name: str, before: int, after: int) -> None:
        area = self._areas.get(name)
        if area is None:
            area = self._areas[name] = Area(name)
            self.cases[area.ledger_key] = area
        for verdict, step in ((before, -1), (after, 1)):
            if verdict:
                area.out[verdict] = area.out.get(verdict, 0) + step

    def _settle_area(self, area: Area, sums: Sums) -> None:
        new = {(NOW, f"voltage_areas_out|{direction(verdict)}"): (1, 0) for verdict, count in area.out.items() if count}
        scopes = scopes_of(area.id, self.reference)
        sums.replace(area.scopes or scopes, area.told, {})
        sums.replace(scopes, {}, new)
        area.told, area.scopes = new, scopes

    def unsaved(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and stored value of every row whose facts changed since the last call."""
        yield from book_rows(self._book)
        unsaved, self._unsaved = self._unsaved, set()
        for point, part in unsaved:
            value = about_value(point) if part == ABOUT else day_value(point.days[int(part)])
            yield f"{prefix_of(point)}{part}".encode(), value

    # -- recovery ------------------------------------------------------------------------------------------------------

    def unsettled(self) -> dict[str, tuple[str, ...]]:
        """The points with a summary that are marked and not settled yet, with the findings last told."""
        return {point.ledger_key: self._told[point] for point in self._marked if point in self._told}

    def load(
        self, rows: Iterable[tuple[bytes, bytes]], now: int, unsettled: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """Fold everything stored anew, as of `now`; what has a summary is told again."""
        for area, name, part, stored in read_rows(rows, self._book):
            point = self._point(area, name)
            if part == ABOUT:
                about = orjson.loads(stored)
                point.nominal, point.statistics = about["nominal"], about["statistics"]
            else:
                load_day(point, int(part), stored_day(stored), self._book)
        sums = Sums()
        for point in self._points.values():
            self._marked[point] = None
            self._settle_point(point, sums, now)
            self._count_out(point.area, 0, point.state.out)
        for area_case in self._areas.values():
            self._settle_area(area_case, sums)
        self.partials.rebuild([sums.spread()])
        for point in self._points.values():
            if point.state.out or point.findings:
                self._marked[point] = None
        for key, findings in (unsettled or {}).items():
            case = self.cases.get(key)
            if isinstance(case, Point):
                self._marked[case] = None
                self._told[case] = tuple(findings)
