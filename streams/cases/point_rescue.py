"""When our code breaks on many points at once: they are taken one by one, and come into the columns no more.

What is in the columns is also in the days of the points, except for values that wait. So nothing is lost: the values
are put into the days one by one, and the points are settled by themselves. Which of them the columns broke on is not
known; so all of these stay outside until the next start, and the defect `columns` is published until then.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final

from streams.cases.point_marks import Marks
from streams.facts.profile import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.cases.point import Point
    from streams.facts.profile import Ints

DEFECT: Final = "columns"  # no key of a case: those have a stroke


class Rescue(Marks):
    """Points that may have to leave the columns."""

    def _unload(self) -> None:
        waiting = self._columns.arrivals.waiting
        try:
            super()._unload()
        except Exception:  # noqa: BLE001  # a bug in pure code must not end the process
            self._unload_one_by_one(waiting)

    def _unload_one_by_one(self, waiting: Sequence[Ints]) -> None:
        """What was unloaded before the failure is put once more, which changes nothing."""
        reason = traceback.format_exc()
        self._columns.arrivals.waiting = []
        concerned: dict[Point, None] = {}
        for strand, slot, number, recorded_at, delivered_at, value in (
            row for each in waiting for row in each.tolist()
        ):
            point, day = self._columns.point_of(strand), slot // DAY
            concerned[point] = None
            try:
                entry = self._intake.voices[number].entry(slot, recorded_at, delivered_at, value)
                point.put(day, entry, self._book)
            except Exception:  # noqa: BLE001  # as above: this value is lost, and said to be
                self.unstored.append((point.key, traceback.format_exc()))
            if day in point.days:
                self._unsaved.add((point, day))
        self._expel(concerned, reason)

    def _expel(self, points: Iterable[Point], reason: str) -> None:
        """Settle points by themselves from now on."""
        self.defects[DEFECT] = reason
        for point in points:
            self._columns.barred.add(point)
            self._mark_alone(point)
            self._follow_no_more(point)
