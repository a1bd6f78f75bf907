"""What an older version wrote is made anew from the inputs, while what it published stands (docs/decisions/0018).

Until all its inputs are read again no case is evaluated or published: a case of which half is known would breach
commitments that were met. What the inputs still have whole is dropped first, so that nothing stays of rules that are no
more; a row that waits to be made anew says so, and whoever takes over goes on.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from schemas.point_key import point_id
from streams.agents.announcing import PREFIX as ANNOUNCED
from streams.agents.announcing import Announcer
from streams.agents.defects import PREFIX as DEFECT
from streams.agents.proof import record_key
from streams.lane.batch import Output
from streams.lane.position import Position
from streams.readers.rows import WAITS
from streams.wiring.names import Names

POINT = "point/"
KEPT = (ANNOUNCED, DEFECT, b"book/")  # logs of announcements, and the dictionary that sealed days are read with


class Gone(NamedTuple):
    """A case that the inputs do not give any more."""

    key: str


class Anew:
    """Of one source partition; `kept` are the rows of its ledger that stay, `breaches` those of the announcements."""

    def __init__(
        self, names: Names, position: Position, rows: Mapping[bytes, bytes], breaches: Mapping[bytes, bytes]
    ) -> None:
        self._names, self._position, self.breaches = names, position, breaches
        self._waiting = {key for key, value in rows.items() if value == WAITS}
        self._unsaid: list[bytes] = []
        if position.is_whole:
            self._unsaid = [key for key in rows if not key.startswith(KEPT) and key not in self._waiting]
            self._waiting.update(self._unsaid)
        self.kept = {key: value for key, value in rows.items() if key not in self._waiting}

    @property
    def goes_on(self) -> bool:
        """Whether something that the older version had read is still to be read again."""
        topics = self._position.topics
        return any((topics[name].next_offset or 0) < end for name, end in self._position.read_before.items())

    def before(self, rows: list[Output]) -> list[Output]:
        """Rows that are to be written now, after the word about each old one, once, that it waits."""
        unsaid, self._unsaid = self._unsaid, []
        self._waiting.difference_update(row.key for row in rows)
        return [*(Output(self._names.ledger, key, WAITS) for key in unsaid), *rows]

    def gone(self, cases: Mapping[str, object]) -> list[Gone]:
        """The cases whose events are all refused today; `cases` are those that there are."""
        return [Gone(key) for key in sorted({case_of(row) for row in self._waiting} - cases.keys())]

    def dropped(self) -> Iterator[Output]:
        """The rows that were not made anew are no more; after `before` had all that were."""
        return (Output(self._names.ledger, row, None) for row in sorted(self._waiting))

    def over(self, gone: Iterable[Gone], announcer: Announcer, rules: Collection[str]) -> Iterator[Output]:
        """Retract all records of cases that are gone; `rules`: findings of any."""
        self._position.read_before.clear()
        for case in gone:
            yield Output(self._names.cases, case.key.encode(), None)
            for rule in sorted(rules):
                yield Output(self._names.dead_letters, f"finding/{case.key}/{rule}".encode(), None)
            log = announcer.logs.pop(case.key, {})
            for name in log:
                yield Output(self._names.breaches, record_key(name, case.key), None)
            if log:
                yield Output(self._names.ledger, ANNOUNCED + case.key.encode(), None)


def case_of(row: bytes) -> str:
    """The key of the case or point to which a row of the ledger belongs."""
    key = row.decode()
    if not key.startswith(POINT):
        return key
    _, area, point, _ = key.split("/")
    return POINT + point_id(unquote(area), unquote(point))
