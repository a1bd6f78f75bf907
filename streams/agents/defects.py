"""Cases and KPI cells that our code breaks on: a dead letter for each, withdrawn once it works again.

A row of the ledger remembers each letter, so that the next owner of the partition withdraws it too.
"""

from collections.abc import Iterable, Iterator, Mapping

import orjson

from schemas.event import format_instant
from streams.agents.dead_letters import defect_headers
from streams.lane.batch import Output

PREFIX = b"defect/"  # before the key of a case or of a KPI record: no kind of case is called so
ROW = b"\x01"


class Defects:
    """The defects of one source partition that were published."""

    def __init__(self, letters: str, ledger: str) -> None:
        """Keep the names of the two topics."""
        self._letters, self._ledger = letters, ledger
        self.published: set[str] = set()

    def load(self, rows: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        """Take the rows that belong to defects, and hand on the rest."""
        for key, value in rows:
            if key.startswith(PREFIX):
                self.published.add(key.removeprefix(PREFIX).decode())
            else:
                yield key, value

    def of_unstored(self, unstored: Iterable[tuple[str, str]], as_of: int) -> Iterator[Output]:
        """Letters of cases whose last events were undone; they stand until retention, since no row remembers them."""
        for key, reason in unstored:
            value = orjson.dumps({"defect": f"unstored/{key}", "as_of": format_instant(as_of)})
            yield Output(self._letters, PREFIX + f"unstored/{key}".encode(), value, defect_headers(reason))

    def update(self, present: Mapping[str, str], as_of: int) -> Iterator[Output]:
        """A letter for each new defect, a tombstone for each that is over; `present` are all tracebacks, by key."""
        for key in sorted(present.keys() - self.published):
            value = orjson.dumps({"defect": key, "as_of": format_instant(as_of)})
            yield Output(self._letters, PREFIX + key.encode(), value, defect_headers(present[key]))
            yield Output(self._ledger, PREFIX + key.encode(), ROW)
        for key in sorted(self.published - present.keys()):
            yield Output(self._letters, PREFIX + key.encode(), None)
            yield Output(self._ledger, PREFIX + key.encode(), None)
        self.published = set(present)
