"""Which KPI records a partition publishes at a read time: those of the scopes it owns that have changed.

What is published at T depends on T, the totals at T and the records published before, on nothing else: a board that
starts from the published records goes on exactly as the one before it would have. The rest finds the candidates without
checking every key; one too many is harmless.
"""

from __future__ import annotations

import traceback
from types import MappingProxyType
from typing import TYPE_CHECKING

from streams.dimensions.scopes import ALL, owner
from streams.publish.candidates import Candidates
from streams.publish.catalogue import Catalogue
from streams.publish.decision import DEFECT, Decision, Records
from streams.publish.outlook import Outlook, known_scopes
from streams.publish.record import parts_of
from streams.publish.table import Record, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.cells.totals import Totals
    from streams.dimensions.scopes import Change
    from streams.kpis.kpi import Kpi, Role, Served
    from streams.kpis.variants import Variant
    from streams.publish.outlook import View
    from streams.reference.network import Network
    from streams.reference.rules import Rules


class Board:
    """The KPI table of one partition; `published` has its records by key, `published_at` the last read time."""

    def __init__(
        self,
        partition: int,
        partitions: int,
        kpis: Iterable[Kpi],
        rules: Rules,
        *,
        publish_interval: int,
        growth_interval: int,
        role: Role = "cases",
        dropped: Mapping[str, Role] = MappingProxyType({}),
    ) -> None:
        """`dropped`: names of KPIs that are no more, with the role that published them."""
        self.partition, self.partitions, self.zone = partition, partitions, rules.zone
        self.published_at: int | None = None
        self.defects: dict[str, str] = {}  # tracebacks by record key
        self._table = Table(publish_interval, growth_interval)
        kpis = tuple(kpi for kpi in kpis if kpi.role == role)
        self._catalogue = Catalogue(kpis)
        self._names = {kpi.name for kpi in kpis} | {name for name, was in dropped.items() if was == role}
        self._served: dict[tuple[str, str], Served] = {}
        self._known: frozenset[str] = frozenset()
        self._version: str | None = None
        self._today = ""
        self._complete = True
        self._missing_days = 0
        self._added: frozenset[str] | None = frozenset()  # None: to be found out at the next evaluation

    @property
    def catalogue(self) -> str:
        """A fingerprint of all that may be published."""
        return self._catalogue.fingerprint

    def take_over(self, published_at: int | None, catalogue: str | None) -> None:
        """Go on where another board, with this catalogue, has published; after all records are loaded."""
        self.published_at = published_at
        if catalogue != self.catalogue:
            self._added = None

    def owns(self, scope: str) -> bool:
        """Whether this partition publishes the scope."""
        return owner(scope, self.partitions) == self.partition

    @property
    def published(self) -> Mapping[str, Record]:
        """The table: the last record of each key."""
        return self._table.records

    def load(self, key: str, value: bytes | None) -> None:
        """Take over a record of the KPI table, if it is of this role; at recovery, before the first `evaluate`.

        A name that is neither of a KPI nor of one that was dropped is left alone: a newer release may publish it.
        """
        if parts_of(key)[0] in self._names:
            self._table.load(key, value)
            record = self.published.get(key)
            if record is not None and record["reason"] == DEFECT:
                self.defects[key] = DEFECT

    def invalidate(self) -> None:
        """Check every key with the next evaluation: changes may have been missed."""
        self._version = None

    def evaluate(
        self, at: int, totals: Totals, network: Network, changed: Iterable[Change], *, complete: bool
    ) -> Records:
        """What to publish at read time `at`; `changed` are the totals' changes since the last call."""
        outlook = Outlook(at, totals, network, self.zone)
        tick = at if totals.newest is None else totals.newest
        found = self._candidates(outlook, totals, network, tick, complete=complete)
        self._table.dirty |= found.add_changes(changed, totals, outlook.today)
        decision = Decision(self._table, outlook, tick, self._known, self._added or frozenset(), complete=complete)
        decision.retire(found.undeclared)
        for key in found.undeclared:
            self.defects.pop(key, None)
        for (scope, period), chosen in found.by_place.items():
            self._take(decision, chosen, (scope, period), outlook)
        self.published_at, self._added = at, frozenset()
        return decision.records

    def _take(
        self, decision: Decision, chosen: Mapping[str, Variant], place: tuple[str, str], outlook: Outlook
    ) -> None:
        """Decide on the keys of a scope in a period; one that our code breaks on is undefined until it works again."""
        view: View | None = None
        for key, variant in chosen.items():
            try:
                view = view or outlook.view(*place, self._served)
                decision.take(key, variant, *place, view)
                self.defects.pop(key, None)
            except Exception:  # noqa: BLE001  # see above
                self.defects[key] = traceback.format_exc()
                decision.fail(key, variant, *place)

    def _candidates(
        self, outlook: Outlook, totals: Totals, network: Network, tick: int, *, complete: bool
    ) -> Candidates:
        """Keys that may change without a changed sum: all of a new network, a new day, and keys whose time has come."""
        found = Candidates(self._catalogue, self.owns)
        everything, rolled = self._version != network.version, self._today != outlook.today
        everything |= len(totals.missing_days) != self._missing_days
        self._missing_days = len(totals.missing_days)
        if everything:
            self._known = frozenset(filter(self.owns, known_scopes(network)))
        if everything or rolled:
            self._served.clear()
            scopes = {*filter(self.owns, (*totals.scopes(), ALL)), *self._known}
            found.add_periods(scopes, self._today, outlook.today)
            if everything:
                found.add_all(scopes, totals)
                found.add_keys(self.published)
        if self._added is None:
            self._added = frozenset(found.add_missing(self.published, self._known))
        if complete != self._complete:
            # Values that became final while a source was behind were published as not complete: now they are.
            found.add_keys(
                [key for key, record in self.published.items() if record["status"] == "open" or not record["complete"]]
            )
        found.add_keys(self._table.timers.due(tick))
        self._version, self._today, self._complete = network.version, outlook.today, complete
        return found
