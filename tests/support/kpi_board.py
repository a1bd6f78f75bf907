"""One Totals and one Board, driven by contributions: what a worker does between its ledger and grid.kpis.v1."""

from collections.abc import Mapping
from typing import Any

import orjson

from schemas.network import Area, Served
from streams.cells.consolidate import Amount
from streams.cells.partials import Partials
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.kpis.kpi import Kpi, Role
from streams.publish.board import Board
from streams.reference.network import EMPTY_NETWORK, Network
from streams.reference.rules import Rules

Contribution = Mapping[tuple[str, str], Amount]


def network(*areas: tuple[str, str, str, str, int]) -> Network:
    """Areas as (area, region, area type, from, customers)."""
    return Network.from_records(
        Area(area=area, region=region, area_type=area_type, served=[Served(valid_from=since, customers=customers)])
        for area, region, area_type, since, customers in areas
    )


class World:
    """Cases by name on one source partition, with marks; `table` is what a reader of grid.kpis.v1 has."""

    def __init__(
        self,
        *,
        zone: str = "Asia/Shanghai",
        network: Network = EMPTY_NETWORK,
        publish_interval: int = 1,
        growth_interval: int = 60,
        kpis: tuple[Kpi, ...] = KPIS,
    ) -> None:
        self.network, self.kpis = network, kpis
        self.dropped: Mapping[str, Role] = {}
        self.table: dict[str, dict[str, Any]] = {}
        self._cases: dict[str, Contribution] = {}
        self._partials = Partials()
        self.totals = Totals(1, zone, marks=True)
        self._new_board = lambda: Board(
            0,
            1,
            self.kpis,
            Rules(zone=zone),
            publish_interval=publish_interval,
            growth_interval=growth_interval,
            dropped=self.dropped,
        )
        self._log: list[tuple[str, bytes | None]] = []
        self._zone = zone
        self.board = self._new_board()

    def case(self, name: str, contribution: Contribution) -> None:
        self._partials.replace(self._cases.get(name, {}), contribution)
        self._cases[name] = contribution

    def mark(self, at: int) -> dict[str, dict[str, Any] | None]:
        """Everything up to `at` is there: what is published."""
        records = [*self._partials.take_dirty(at), ("status", orjson.dumps({"v": 1, "as_of": at}))]
        self._log += records
        published: dict[str, dict[str, Any] | None] = {}
        for key, value in records:
            self.totals.apply(0, key, value)
        for reached, changed in self.totals.advance():
            for key, record in self.board.evaluate(reached, self.totals, self.network, changed, complete=True):
                assert key not in published
                published[key] = record
                if record is None:
                    del self.table[key]
                else:
                    self.table[key] = orjson.loads(orjson.dumps(record))
        return published

    def restart(self, *, upgraded: bool = False) -> None:
        """Another worker, of the release that `kpis` and `dropped` are of: it knows the topics and nothing else.

        `upgraded`: the one before had other KPIs.
        """
        board = self._new_board()
        for key, record in self.table.items():
            board.load(key, orjson.dumps(record))
        board.take_over(self.board.published_at, "another" if upgraded else self.board.catalogue)
        self.board = board
        self.totals = Totals(1, self._zone, marks=True)
        for key, value in self._log:
            self.totals.apply(0, key, value)
        for _ in self.totals.advance():
            pass
