"""Records of voltages into points: decoded in batches, admitted, merged; before a day changes, it is marked."""

from __future__ import annotations

import traceback
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from schemas.codec import InvalidEvent, decode_each
from schemas.event import of_list
from schemas.lists import unlisted as unlisted_of
from schemas.readings import Readings, decode_readings
from schemas.voltage import VOLTAGE_EVENTS
from streams.cases import point_intake
from streams.cases.interface import Refused, Verdict
from streams.cases.point_bounds import VALUES_MAX, is_crowded, is_heard, new_source, new_stranger, new_values
from streams.cases.point_flow import FAR
from streams.cases.point_intake import SHARED, admit
from streams.cases.point_rescue import Rescue
from streams.cases.point_segments import reach
from streams.cases.point_slots import NONE
from streams.cases.point_store import ABOUT, about_value, book_rows, day_value, prefix_of
from streams.cases.point_sweep import let_go
from streams.cells.partials import bounded
from streams.dimensions.periods import day_end, local_day
from streams.facts.change import Change
from streams.facts.profile import CHANNELS, DAY, ENTRY, MISSING_VALUE, WIDTH, slot_of
from streams.kpis.in_question import CASE_FULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from streams.cases.interface import Incoming
    from streams.cases.point import Point
    from streams.cases.point_flow import Flags
    from streams.facts.profile import Ints


BATCH = 512  # records decoded in one go; one that is no good reading has all of them decoded one by one
APPLIED = Change.APPLIED
POINTS_FULL = "points_full"
OUTCOMES = ("stale", "duplicate", "applied")  # by Change


class Taking(Rescue):
    """Points that take records."""

    def apply(self, family: str, records: Sequence[Incoming], now: int) -> tuple[dict[str, int], Refused]:
        """Take records in order: how many became what, and those that could not be applied, with the reason."""
        counts: dict[str, int] = {}
        refused: Refused = []
        for first in range(0, len(records), BATCH):
            batch = records[first : first + BATCH]
            for record, event in self._take_all(family, batch, counts):
                result = self._take(event, record.key, record.timestamp // 1000)
                if isinstance(result, Verdict):
                    refused.append((record, result))
                outcome = result.outcome if isinstance(result, Verdict) else OUTCOMES[result]
                counts[outcome] = counts.get(outcome, 0) + 1
        return counts, refused

    def _take_all(
        self, family: str, batch: Sequence[Incoming], counts: dict[str, int]
    ) -> Iterable[tuple[Incoming, Any]]:
        """As `_take_together`; where our code breaks on that, all as events, or as the defects that they are."""
        before = self.unknown_fields, dict(self.unlisted)
        try:
            return self._take_together(family, batch, counts)
        except Exception:  # noqa: BLE001  # a bug in pure code: what was taken already is a repetition
            self.unknown_fields, self.unlisted = before
            return [(record, self._decoded(family, record)) for record in batch]

    def _decoded(self, family: str, record: Incoming) -> Any:
        try:
            (event,), unknown_fields = decode_each(family, [record.value])
        except Exception:  # noqa: BLE001  # as above: this record is kept aside
            return Verdict("defect", "defect", traceback.format_exc())
        self.unknown_fields += unknown_fields
        self._count_unlisted({}, [event])
        return event

    def _take_together(
        self, family: str, batch: Sequence[Incoming], counts: dict[str, int]
    ) -> Iterable[tuple[Incoming, Any]]:
        """Take the readings that are later than all of their phase, as nearly all are; what is left, as events."""
        values = [record.value for record in batch]
        places: Sequence[int] = range(len(batch))
        others: list[tuple[int, Any]] = []
        decoded = decode_readings(values)
        if decoded is not None:
            readings, unknown_fields = decoded
        else:
            events, unknown_fields = decode_each(family, values)
            kinds = [None if isinstance(event, InvalidEvent) else event.event_type for event in events]
            others = [(place, events[place]) for place, kind in enumerate(kinds) if kind != point_intake.READING]
            places = [place for place, kind in enumerate(kinds) if kind == point_intake.READING]
            readings = Readings.of([events[place] for place in places])
        self.unknown_fields += unknown_fields
        unlisted = readings.unlisted()
        self._count_unlisted(unlisted, [event for _, event in others])
        left = self._take_in_order(readings, [batch[place] for place in places], others, unlisted) if places else []
        if len(left) < len(places):
            counts["applied"] = counts.get("applied", 0) + len(places) - len(left)
        rest = sorted((*others, *((places[index], readings.one(index)) for index in left)), key=itemgetter(0))
        return [(batch[place], event) for place, event in rest]

    def _count_unlisted(self, readings: Mapping[str, Sequence[int]], events: Iterable[Any]) -> None:
        """By field, values that are on no list: of readings by their indices, and of other events."""
        counts = {name: len(indices) for name, indices in readings.items()}
        for event in events:
            for name in () if isinstance(event, InvalidEvent) else unlisted_of(VOLTAGE_EVENTS[event.event_type], event):
                counts[name] = counts.get(name, 0) + 1
        for name, count in counts.items():
            self.unlisted[f"voltage.{name}"] = self.unlisted.get(f"voltage.{name}", 0) + count

    def _take_in_order(
        self,
        readings: Readings,
        batch: Sequence[Incoming],
        others: Iterable[tuple[int, Any]],
        unlisted: Mapping[str, Sequence[int]],
    ) -> list[int]:
        """Take the readings in order; the indices of all others. A nominal voltage that is told again is taken here.

        Where something else in the batch is about its point a reading waits for its turn; so does an unlisted one.
        """
        rules, columns = self.reference.rules, self._columns
        delivered_at = np.array([record.timestamp for record in batch]) // 1000
        recorded_at, occurred_at = np.array(readings.recorded_at), np.array(readings.occurred_at)
        earliest, latest = np.minimum(recorded_at, occurred_at), np.maximum(recorded_at, occurred_at)
        admitted = (delivered_at - rules.correction_horizon_seconds <= earliest) & (
            latest <= delivered_at + rules.future_tolerance_seconds
        )
        keys = [record.key for record in batch]
        busy = {(event.area, event.point) for _, event in others if not isinstance(event, InvalidEvent)}
        apart = np.zeros(len(batch), np.bool_)
        if busy:
            apart[:] = [point in busy for point in zip(readings.area, readings.point, strict=True)]
        if any(readings.nominal_centivolts) or any(readings.connection):
            apart[self._take_supplies(readings, keys, admitted)] = True
        for indices in unlisted.values():
            apart[indices] = True
        who = zip(keys, readings.area, readings.point, readings.phase, readings.source, strict=True)
        strand = np.fromiter(map(columns.arrivals.strand_of.get, who, repeat(NONE)), np.int64, len(batch))
        known = np.flatnonzero(admitted & (strand != NONE))
        if not len(known):
            return list(range(len(batch)))
        value = np.array([MISSING_VALUE if value is None else value for value in readings.value_centivolts])
        offered = np.stack((strand, occurred_at, self._voices(readings, known), recorded_at, delivered_at, value), 1)
        left = np.ones(len(batch), np.bool_)
        left[known] = ~columns.arrivals.take(offered[known], apart[known])
        return np.flatnonzero(left).tolist()

    def _voices(self, readings: Readings, known: Ints) -> Ints:
        """The numbers of voices; of readings that are not known any."""
        shared = list(zip(*SHARED(readings), strict=True))
        numbers = dict.fromkeys(shared, 0)
        for key in {shared[index] for index in known.tolist()} if len(numbers) > 1 else numbers:
            numbers[key] = self._intake.voice(key, self.reference.rules.voltage_interval_seconds).number
        return np.fromiter(map(numbers.__getitem__, shared), np.int64, len(shared))

    def _take_supplies(self, readings: Readings, keys: Sequence[bytes | None], admitted: Flags) -> list[int]:
        """The indices of those that differ from what their points know: these are taken by themselves."""
        differing = []
        for index in np.flatnonzero(admitted).tolist():
            area, point = readings.area[index], self._points.get((readings.area[index], readings.point[index]))
            said = readings.nominal_centivolts[index], readings.connection[index]
            if any(said) and point is not None and keys[index] == area.encode():
                if said[0] in (None, point.own_nominal) and said[1] in (None, point.own_connection):
                    self._take_supply(point, readings.one(index))
                else:
                    differing.append(index)
        return differing

    def _take(self, event: Any, key: bytes | None, timestamp: int) -> Change | Verdict:
        if isinstance(event, Verdict):
            return event
        if isinstance(event, InvalidEvent):
            return Verdict("rejected", event.reason, event.detail)
        stranger = self._is_stranger(event)
        refused = self._refused(event, key, timestamp, stranger=stranger)
        if refused is not None:
            return refused
        point = self._points.get((event.area, event.point)) or self._point(event.area, event.point)
        try:
            return self._take_into(point, event, timestamp)
        except Exception:  # noqa: BLE001  # a bug in pure code: the record is kept aside, the partition goes on
            self._mark_alone(point)
            self._unsaved.update((point, day) for day in point.days)
            self._unsaved.add((point, ABOUT))
            return Verdict("defect", "defect", traceback.format_exc())
        finally:
            self._strangers += stranger and is_heard(point)

    def _is_stranger(self, event: Any) -> bool:
        """Whether it is the first of a point that the network does not have."""
        place = event.area, event.point
        point = self._points.get(place)
        return (point is None or not is_heard(point)) and place not in self.reference.network.points

    def _refused(self, event: Any, key: bytes | None, timestamp: int, *, stranger: bool) -> Verdict | None:
        """Why an event is refused whatever its point holds."""
        if key != event.area.encode():
            return Verdict("rejected", "misrouted", f"the record's key is not the event's area {event.area!r}")
        refused = admit(event, timestamp, self.reference.rules)
        if refused is not None:
            return Verdict("rejected", *refused)
        full = new_stranger(self._strangers, event.area, event.point) if stranger else None
        return None if full is None else Verdict("rejected", POINTS_FULL, full)

    def _take_into(self, point: Point, event: Any, timestamp: int) -> Change | Verdict:
        full = new_source(point, event.source, self._book)
        if full is not None:
            return self._refuse(point, full)
        if event.event_type == point_intake.READING:
            return self._take_reading(point, event, timestamp)
        return self._merge(point, event, timestamp)

    def _refuse(self, point: Point, sentence: str) -> Verdict:
        """What a point does not take any more; it remembers that."""
        if not point.full:
            point.full = True
            self._mark_alone(point)
            self._unsaved.add((point, ABOUT))
        return Verdict("rejected", CASE_FULL, sentence)

    def _too_many(self, point: Point, days: Sequence[tuple[int, bytes]]) -> str | None:
        """Why packed entries, by UTC day, are not taken; what waits in the columns counts where it matters."""
        if point.strands and any(len(point.days.get(day, b"")) > VALUES_MAX // 2 * WIDTH for day, _ in days):
            self._unload()
        return new_values(point, days, self._book)

    def _merge(self, point: Point, event: Any, timestamp: int) -> Change | Verdict:
        if event.event_type == point_intake.STATISTICS:
            return self._take_statistics(point, event)
        days = [*self._intake.frame(event, timestamp)]
        full = self._too_many(point, days)
        if full is not None:
            return self._refuse(point, full)
        self._take_supply(point, event)
        (day, said), (last_day, last_said) = days[0], days[-1]
        tag = self._book.tags.items[ENTRY.unpack_from(said)[1]]
        first, last = slot_of(day, said), slot_of(last_day, last_said[-WIDTH:])
        changes = {self._put(point, first, tag.length, said[:WIDTH], mean=tag.mean)}
        self._mark(point, first, last - first + reach(point.longest))
        days[0] = day, said[WIDTH:]
        for day, said in days:
            if said:
                changed = point.extend(day, said, self._book)
                changes |= changed
                if APPLIED in changed:
                    self._unsaved.add((point, day))
        return APPLIED if APPLIED in changes else min(changes)

    def _take_reading(self, point: Point, event: Any, timestamp: int) -> Change | Verdict:
        voice = self._intake.voice(SHARED(event), self.reference.rules.voltage_interval_seconds)
        slot, value = event.occurred_at - voice.before, event.value_centivolts
        entry = voice.entry(slot, event.recorded_at, timestamp, MISSING_VALUE if value is None else value)
        full = self._too_many(point, [(slot // DAY, entry)])
        if full is not None:
            return self._refuse(point, full)
        self._take_supply(point, event)
        if voice.channel in point.channels and self._columns.covers(point, slot, voice.room):
            self._unload()
            point.meet(voice.channel, slot, voice.length, self._book, mean=voice.mean)
            change = point.put(slot // DAY, entry, self._book)
            if change is APPLIED:
                self._unsaved.add((point, slot // DAY))
                self._mark_alone(point)  # of other days nothing changes, and what was told of this one is remembered
            return change
        change = self._put(point, slot, voice.length, entry, mean=voice.mean)
        if change is APPLIED:
            self._follow(point, voice.channel, slot, entry)
        return change

    def _put(self, point: Point, slot: int, length: int, entry: bytes, *, mean: bool) -> Change:
        """Merge one entry; before it changes anything, what the partials hold is remembered."""
        channel = int.from_bytes(entry[:8]) & CHANNELS
        self._follow_no_more(point, channel if length <= point.longest else None)
        if self._book.channels.items[channel][0] not in point.phases or point.first is None or slot < point.first:
            self._mark_all(point)
        else:
            self._mark(point, slot, reach(max(length, point.longest)))
        point.meet(channel, slot, length, self._book, mean=mean)
        day = slot // DAY
        change = point.put(day, entry, self._book)
        if change is APPLIED:
            self._unsaved.add((point, day))
        return change

    def _follow(self, point: Point, channel: int, slot: int, entry: bytes) -> None:
        """If it is the last one of its point: what comes after it changes nothing that is not marked already."""
        held, end, view = point.days[slot // DAY], FAR, point.view
        if not held.endswith(entry) or slot // DAY != max(point.days) or not isinstance(held, bytearray):
            return
        if is_crowded(point):
            return
        if point.counted and self._marked[point] is None:
            end = day_end(local_day(slot + reach(point.longest), view.zone), view.zone) - reach(point.longest)
        self._columns.follow(point, channel, slot, end)

    def _take_supply(self, point: Point, event: Any) -> None:
        """Its nominal voltage and connection, of each the greatest (revision, recorded_at, source, value) holds."""
        for name, value in (
            ("nominal", event.nominal_centivolts),
            ("connection", of_list(event.connection, point_intake.CONNECTIONS)),
        ):
            held = getattr(point, name)
            said = [event.revision, event.recorded_at, event.source, value]
            if value is None or (held is not None and said <= held):
                continue
            if held is None or held[-1] != value:
                self._mark_all(point)
            setattr(point, name, said)
            self._unsaved.add((point, ABOUT))

    def _take_statistics(self, point: Point, event: Any) -> Change:
        self._mark_all(point)
        said = [event.revision, event.recorded_at, event.monitored_minutes, event.over_minutes, event.under_minutes]
        place = of_list(event.phase, point_intake.PHASES) or point_intake.NO_PHASE
        change = point.take_statistics(event.day, place, event.source, said)
        if change is APPLIED:
            self._unsaved.add((point, ABOUT))
        return change

    def _take_stock(self) -> None:
        """Of what was loaded."""
        self._let_go()
        self._strangers = self._count_strangers()

    def _let_go(self) -> None:
        let_go(self._book, self._intake, self._columns.arrivals, self._points.values(), unwritten=self._unwritten)

    def unsaved(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and stored value of every row whose facts changed since the last call."""
        self._unload()
        self._let_go()
        yield from book_rows(self._book)
        unsaved, self._unsaved = self._unsaved, set()
        for point, part in unsaved:
            try:
                value = bounded(about_value(point) if part == ABOUT else day_value(point.days[int(part)]))
            except ValueError:
                self.unstored.append((point.key, traceback.format_exc()))
                self._unwritten = True
                continue
            yield f"{prefix_of(point)}{part}".encode(), value
