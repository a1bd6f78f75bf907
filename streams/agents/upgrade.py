"""What the ledger of an older release needs: its inputs are read again, and what stands under old keys is withdrawn."""

import logging
from collections.abc import Collection, Iterable, Mapping

from streams.agents.anew import Anew
from streams.agents.announcing import Announcer
from streams.agents.point_keys import OldKeys, is_older
from streams.cases.interface import AnyLedger, Keyed
from streams.lane.batch import Output
from streams.lane.position import Position
from streams.wiring.names import Names

logger = logging.getLogger(__name__)


class Upgrade:
    """Of one source partition, from its recovery to the first time that its cases are evaluated.

    After this release's own ledger there is nothing to do.
    """

    def __init__(
        self, names: Names, partition: int, position: Position, tables: Mapping[str, Mapping[bytes, bytes]]
    ) -> None:
        """`tables` are those that recovery read."""
        self._names, self._partition = names, partition
        self._old_keys: OldKeys | None = None
        self._anew: Anew | None = None
        if position.read_before:
            self._anew = Anew(names, position, tables[names.ledger], tables[names.breaches])

    @property
    def reads_again(self) -> bool:
        """Whether rows of the older release wait to be made anew."""
        return self._anew is not None

    @property
    def goes_on(self) -> bool:
        """Whether something that the older release had read is still to be read again: nothing is published then."""
        return self._anew is not None and self._anew.goes_on

    @property
    def changes_keys(self) -> bool:
        """Whether points stand under other keys in the topics."""
        return self._old_keys is not None

    def kept(self, rows: Mapping[bytes, bytes]) -> Mapping[bytes, bytes]:
        """The rows of the ledger that stay."""
        return rows if self._anew is None else self._anew.kept

    def rename(self, told_with: str | None, announcer: Announcer, rows: Iterable[bytes], *, any_case: bool) -> None:
        """Move logs to the keys of points that are there today; `rows`: the keys of the ledger as it was read."""
        if (any_case or self._anew) and self._names.role == "voltage" and is_older(told_with):
            self._old_keys = OldKeys(self._names, announcer, rows)

    def before(self, rows: list[Output]) -> list[Output]:
        """Rows that are to be written now, after the notes that the older ones wait."""
        return rows if self._anew is None else self._anew.before(rows)

    def over(
        self, ledger: AnyLedger, announcer: Announcer, since: int, rules: Collection[str]
    ) -> tuple[list[Output], list[Output]]:
        """After all is read again and each row of it is written: tombstones of other rows, and of what was published.

        Announcements before `since` (epoch seconds) may have been deleted by retention; `rules`: findings that any case
        may have published.
        """
        if self._anew is None:
            return [], []
        anew, self._anew = self._anew, None
        dropped, cases = [*anew.dropped()], ledger.cases
        ledger.evaluate_again(announcer.prove(cases, anew.breaches, since))
        gone = anew.gone(cases)
        logger.info("%s partition %d is made anew; %d cases are gone", self._names.ledger, self._partition, len(gone))
        return dropped, [*self.withdrawn(gone), *anew.over(gone, announcer, rules)]

    def withdrawn(self, cases: Iterable[Keyed]) -> list[Output]:
        """Tombstones of what stands under the old keys of points."""
        return [] if self._old_keys is None else [each for case in cases for each in self._old_keys.withdrawn(case)]

    def end(self) -> None:
        """All cases are evaluated under the keys of today."""
        self._old_keys = None
