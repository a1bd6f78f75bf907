"""How long the commit units of a writer last: a case that changes often is evaluated and written once in each."""

LARGE_STEP = 1_000  # records; so many at once are a backlog, or a load that wants fewer, larger units
LARGE_UNIT_SECONDS = 1
LATE_SECONDS = 10
LATE_UNIT_SECONDS = 2


class Pace:
    """Units last `interval_seconds` at least; longer after a large step, and longest in a backlog.

    In a backlog nothing applied came within the last `LATE_SECONDS`, so that nobody has waited for it since: a second
    more is no loss, and to evaluate, write and publish half as often leaves the more for catching up. Its first unit is
    as short as any other large one, since what a fold meets for the first time costs several times as much until it
    is evaluated.
    """

    def __init__(self, interval_seconds: float) -> None:
        self._interval = interval_seconds
        self._large = self._after_late = False

    def step(self, records: int) -> None:
        """So many records were applied in one go."""
        self._large |= records >= LARGE_STEP

    def least_seconds(self, newest_ms: int, now_ms: int) -> float:
        """How long the unit lasts at least; `newest_ms`: when the newest of all records applied so far came."""
        if not self._large:
            return self._interval
        longer = self._after_late and _is_late(newest_ms, now_ms)
        return max(self._interval, LATE_UNIT_SECONDS if longer else LARGE_UNIT_SECONDS)

    def close(self, newest_ms: int, now_ms: int) -> None:
        """The unit is over, the next one begins."""
        self._large, self._after_late = False, self._large and _is_late(newest_ms, now_ms)


def _is_late(newest_ms: int, now_ms: int) -> bool:
    return now_ms - newest_ms > LATE_SECONDS * 1000
