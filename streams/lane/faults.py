"""Points at which a test makes the process die or stand still; without any, each costs one call a unit."""

import os
import signal
from collections import Counter

from streams.errors import SettingsInvalid

POINTS = (
    "before_state",
    "after_state",
    "before_outputs",
    "after_outputs",
    "before_commit",
    "after_commit",
    "before_ack",
    "after_ack",
)
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Faults:
    """Parsed from `point:nth:action,...`, as in `before_commit:3:kill`: the third time that point is passed."""

    def __init__(self, spec: str = "") -> None:
        self._armed: dict[tuple[str, int], signal.Signals] = {}
        for item in filter(None, spec.split(",")):
            point, _, rest = item.partition(":")
            nth, _, action = rest.partition(":")
            if point not in POINTS or not nth.isdecimal() or action not in SIGNALS:
                raise SettingsInvalid(
                    f"Bad setting GRIDPULSE_FAULT_POINTS: there is no fault point {item!r}; points: "
                    f"{', '.join(POINTS)}; actions: kill, stop; for example before_commit:3:kill."
                )
            self._armed[point, int(nth)] = SIGNALS[action]
        self._passed: Counter[str] = Counter()

    def hit(self, point: str) -> None:
        if not self._armed:
            return
        self._passed[point] += 1
        armed = self._armed.get((point, self._passed[point]))
        if armed is not None:
            os.kill(os.getpid(), armed)
