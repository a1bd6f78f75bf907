"""Upgrade from summaries older than version 5, whose keys of points had no area: everything under an old key goes.

Two points of one id in two areas wrote one record, and nobody writes that key any more.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from schemas.point_key import point_id
from streams.agents.announcing import PREFIX, Announcer
from streams.cases import findings
from streams.cases.interface import Keyed
from streams.lane.batch import Output
from streams.wiring.names import Names

SINCE = 5  # the version of summaries from which on a point's key has its area
POINT = "point/"
PARTS = 4  # of a row of a point in the ledger: point/<area>/<id>/<day or about>


class OldKeys:
    """What the ledger of an older version still has under such keys."""

    def __init__(self, names: Names, announcer: Announcer, rows: Iterable[bytes]) -> None:
        """`rows` are the keys of the ledger. Logs of announcements, whose ids were not quoted, are renamed."""
        self._names, self._announcer = names, announcer
        self._rows: dict[str, str] = {}  # the key under which the log of a point stands
        for row in rows:
            parts = row.decode().split("/")
            if len(parts) == PARTS and f"{parts[0]}/" == POINT:
                area, point = map(unquote, parts[1:3])
                self._rows[POINT + point_id(area, point)] = f"{POINT}{area}/{point}"
        logs = announcer.logs
        renamed = {key: logs[before] for key, before in self._rows.items() if before in logs}
        logs.clear()
        logs.update(renamed)

    def withdrawn(self, case: Keyed) -> Iterator[Output]:
        """Tombstones for all that was written of a point; its open clocks are announced again, under the new key."""
        old = POINT + unquote(case.key.rpartition("/")[2])
        yield Output(self._names.cases, old.encode(), None)
        for rule in findings.POINT:
            yield Output(self._names.dead_letters, f"finding/{old}/{rule}".encode(), None)
        log = self._announcer.logs.pop(case.key, {})
        for announced in log:
            clock, _, cycle = announced.partition("|")
            yield Output(self._names.breaches, f"{clock}|{old}|{cycle}".encode(), None)
        if log:
            yield Output(self._names.ledger, PREFIX + self._rows.get(case.key, case.key).encode(), None)


def is_older(told_with: str | None) -> bool:
    """Whether summaries were made by a program that knew no areas in keys; `None`: by one that did not say."""
    return told_with is None or int(told_with.partition("/")[0]) < SINCE
