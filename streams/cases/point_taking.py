"""Records of voltages into points: decoded in batches, admitted, merged; before a day changes, it is marked."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from schemas.codec import InvalidEvent, decode_batch
from streams.cases import point_intake
from streams.cases.interface import Refused, Verdict
from streams.cases.point_intake import admit
from streams.cases.point_marks import Marks
from streams.cases.point_store import ABOUT, about_value, book_rows, day_value, prefix_of
from streams.facts.change import Change
from streams.facts.profile import CHANNELS, DAY, ENTRY, WIDTH, slot_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.cases.interface import Incoming
    from streams.cases.point import Point


BATCH = 256  # records decoded in one go; one that is invalid has all of them decoded again
OUTCOMES = {Change.APPLIED: "applied", Change.SAME: "duplicate", Change.STALE: "stale"}


class Taking(Marks):
    """Points that take records."""

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
        days = [*self._intake.frame(event, timestamp)]
        (day, said), (last_day, last_said) = days[0], days[-1]
        length = self._book.tags.items[ENTRY.unpack_from(said)[1]].length
        first, last = slot_of(day, said), slot_of(last_day, last_said[-WIDTH:])
        changes = {self._put(point, first, length, said[:WIDTH])}
        self._mark(point, first, last - first + point.longest)
        days[0] = day, said[WIDTH:]
        for day, said in days:
            if said:
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

    def unsaved(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and stored value of every row whose facts changed since the last call."""
        yield from book_rows(self._book)
        unsaved, self._unsaved = self._unsaved, set()
        for point, part in unsaved:
            value = about_value(point) if part == ABOUT else day_value(point.days[int(part)])
            yield f"{prefix_of(point)}{part}".encode(), value
