"""When a point was out of its limits, far out of them, or silent: runs, from what holds at each slot and nothing else.

A point is out from the first value outside its limits on, for as long as any of its phases is. A phase is so until its
next value, if that comes while this one still holds: within limits it ends the run, and one that says nothing of limits
(excluded, suspect, judged by the day) leaves unknown how it ends, as does no value. Far out is more than 15 % from the
nominal voltage. A point is silent from the end of its last value's hold on, and its clock counts from the reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.cases.point_limits import ABSENT, COMPLIANT, OUT, SEVERE, VERDICT_MASK, is_severe
from streams.cases.point_segments import batch_due, reach
from streams.facts.profile import HOLD_DENOMINATOR, HOLD_NUMERATOR, length_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.cases.point import Point
    from streams.cases.point_contribution import View
    from streams.facts.book import Book
    from streams.facts.profile import Row, Rows

    Piece = tuple[int, int, str]  # of a phase: [start, end), and what ends it; nothing where the next piece goes on
    # Of values of a phase that come while the one before holds: [start, end), when the last was read, its interval.
    Spoken = tuple[int, int, int, int]

IS_OUT, FAR_OUT, SILENT = "out", "severe", "silent"
WITHIN, EASED, HEARD, NOT_KNOWN = "within", "eased", "heard", "unknown"
FURTHER: Final = 4  # times as far back, where a run has begun before what was read


class Run(NamedTuple):
    """`begins` is from when on it is one: a silent point's clock starts with the last reading, before it is silent."""

    fact: str
    started_at: int
    begins: int
    ended_at: int | None
    ended_by: tuple[str, ...]
    interval: int = 0


def runs_since(point: Point, view: View, times: tuple[int, int], book: Book, known: Sequence[Run] = ()) -> list[Run]:
    """All that end at or after the first of the times (epoch seconds), by the values before the second.

    `known` are runs found before, of facts that up to then are still the same.
    """
    since, until = times
    far = reach_of_silence(point, view)
    back = far + 1
    while True:
        first = since - back
        rows = point.rows(first, until, book, view.judge)
        # What began before the first row that was read ends, or goes on in a row, up to `certain`.
        certain = first + far
        all_runs = runs_of(rows, view.limits.nominal, view.delivery_interval)
        found = [run for run in all_runs if run.ended_at is None or run.ended_at >= since]
        if back == far + 1 and known:
            found = _continued(found, rows, known, certain)
        heard = any(row[0] < since and row[3] != ABSENT for of_phase in rows.values() for row in of_phase)
        heard |= any(run.fact == SILENT and run.begins < since for run in found)
        unsure = [run for run in found if run.begins <= certain and not _from(run, known)]
        if point.first is None or first <= point.first or (heard and not unsure):
            return found
        back *= FURTHER


def lookback(point: Point, view: View) -> int:
    """How many seconds before a value, or before now, a run may have begun whose promise that decides.

    Or one that is none: what comes while the last value holds says that the point was not silent.
    """
    seconds, intervals = view.reference.policies.longest_point_limits
    return max(seconds, intervals * max(point.longest, view.delivery_interval), reach_of_silence(point, view))


def reach_of_silence(point: Point, view: View) -> int:
    """For how many seconds from its slot on a value can say that the point is not silent."""
    batch = point.longest + length_of(view.delivery_interval, mean=False)
    return max(reach(point.longest), batch if view.delivery_interval else 0)


def _from(run: Run, known: Sequence[Run]) -> bool:
    return any((run.fact, run.started_at) == (before.fact, before.started_at) for before in known)


def _continued(found: list[Run], rows: Rows, known: Sequence[Run], certain: int) -> list[Run]:
    """With their begin from those that were known already, and went on at `certain`."""
    began = {
        run.fact: run for run in known if run.begins <= certain and (run.ended_at is None or run.ended_at > certain)
    }
    continued = []
    for run in found:
        before = began.pop(run.fact, None) if run.begins <= certain else None
        continued.append(run if before is None else before._replace(ended_at=run.ended_at, ended_by=run.ended_by))
    silence = began.get(SILENT)
    if silence is not None and not any(run.fact == SILENT and run.begins <= certain for run in found):
        heard = min((row[0] for of_phase in rows.values() for row in of_phase if row[3] != ABSENT), default=None)
        continued.append(silence._replace(ended_at=heard, ended_by=() if heard is None else (HEARD,)))
    return continued


def runs_of(rows: Rows, nominal: int | None, delivery_interval: int = 0) -> list[Run]:
    """All that the rows tell of; between batches of values a point is not silent."""
    out: list[Piece] = []
    severe: list[Piece] = []
    spoken: list[Spoken] = []
    for of_phase in rows.values():
        known = [row for row in of_phase if row[3] != ABSENT]
        first = None
        for row, after in zip(known, [*known[1:], None], strict=False):
            slot, length, mean, code, _ = row
            end = slot + length + HOLD_NUMERATOR * length // HOLD_DENOMINATOR if mean else slot + length
            following = after if after is not None and after[0] <= end else None
            if code != COMPLIANT and code & VERDICT_MASK in OUT:  # most are compliant, and that is told soonest
                until = end if following is None else following[0]
                out.append((slot, until, _out_until(following)))
                if _is_severe(row, nominal):
                    severe.append((slot, until, _severe_until(following, nominal)))
            if first is None:
                first = slot
            if following is None:
                interval = max(_interval(length, mean=mean), delivery_interval)
                spoken_until = max(end, batch_due(row, delivery_interval))
                spoken.append((first, spoken_until, slot + length if mean else slot, interval))
                first = None
    return [*_merged(IS_OUT, out), *_merged(FAR_OUT, severe), *_silences(spoken)]


def _interval(length: int, *, mean: bool) -> int:
    """Seconds between readings, by how long one covers."""
    return length if mean else -(-length * HOLD_DENOMINATOR // HOLD_NUMERATOR)


def _is_severe(row: Row, nominal: int | None) -> bool:
    """Of a value out of limits; of one that was sealed only the verdict is left, with this in it."""
    _, _, _, code, value = row
    return bool(code & SEVERE) if value is None else nominal is not None and is_severe(value, nominal)


def _out_until(following: Row | None) -> str:
    if following is None:
        return NOT_KNOWN
    verdict = following[3] & VERDICT_MASK
    return "" if verdict in OUT else WITHIN if verdict == COMPLIANT else NOT_KNOWN


def _severe_until(following: Row | None, nominal: int | None) -> str:
    until = _out_until(following)
    if following is None or until:
        return EASED if until == WITHIN else until
    return "" if _is_severe(following, nominal) else EASED


def _merged(fact: str, pieces: Iterable[Piece]) -> list[Run]:
    """Pieces of all phases together; those that touch are one run, and what the last of them end with ends it."""
    runs: list[Run] = []
    start, until, ends = 0, -1, {""}
    for begin, end, by in sorted(pieces):
        if begin > until:
            if until >= 0:
                runs.append(_run(fact, start, until, ends))
            start, until, ends = begin, end, {by}
        elif end > until:
            until, ends = end, {by}
        elif end == until:
            ends.add(by)
    return [*runs, _run(fact, start, until, ends)] if until >= 0 else []


def _run(fact: str, start: int, until: int, ends: set[str]) -> Run:
    return Run(fact, start, start, until, tuple(sorted(ends - {""})))


def _silences(spoken: Iterable[Spoken]) -> list[Run]:
    """Where no value holds, from the one that held longest on; the last one goes on."""
    runs: list[Run] = []
    last: tuple[int, int, int] | None = None  # until when, when it was read, its interval
    for start, end, read_at, interval in sorted(spoken):
        if last is not None and start > last[0]:
            runs.append(Run(SILENT, last[1], last[0], start, (HEARD,), last[2]))
        last = (end, read_at, interval) if last is None else max(last, (end, read_at, interval))
    if last is not None:
        runs.append(Run(SILENT, last[1], last[0], None, (), last[2]))
    return runs


def is_odd(rows: Rows, now: int) -> bool:
    """Whether a phase is out of limits, or has a gap up to now: without that there is no run in these rows."""
    for of_phase in rows.values():
        until = now + 1  # before the first value: a silence that began earlier
        for slot, length, mean, code, _ in of_phase:
            if code == ABSENT:
                continue
            if code & VERDICT_MASK in OUT or slot > until:
                return True
            until = slot + (length + HOLD_NUMERATOR * length // HOLD_DENOMINATOR if mean else length)
        if until <= now:
            return True
    return False
