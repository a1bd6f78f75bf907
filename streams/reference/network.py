"""The loaded network: areas, voltage points, and customers served in each scope from each day on; frozen."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from schemas.event import OTHER, of_list
from schemas.lists import unlisted
from schemas.network import Area, AreaType, Connection, MonitoringClass, NetworkBase, Phase, Point
from streams.dimensions.scopes import ALL, UNKNOWN, region, region_area_type
from streams.reference.served import NONE, Figures, complete_from, on_day, running

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AREA_TYPES, MONITORING_CLASSES, PHASES, CONNECTIONS = (
    frozenset(get_args(each)) for each in (AreaType, MonitoringClass, Phase, Connection)
)


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """Region and type of a transformer area (台区); `area_type` is urban, rural or remote, None if not known."""

    region: str
    area_type: str | None


@dataclass(frozen=True, slots=True)
class PointInfo:
    """A voltage point of the network: voltages in 0.01 V on the side of the meter, `monitored_from` an ISO date.

    `loaded_at` is the timestamp of its record (epoch seconds), None if not known.
    """

    monitoring_class: str
    nominal_centivolts: int
    phases: tuple[str, ...]
    transformer_ratio: int
    monitored_from: str | None
    loaded_at: int | None = None
    connection: str | None = None
    delivery_interval: int = 0  # seconds; 0: values arrive as they are measured
    unlisted: bool = False  # whether its record has an unlisted value


@dataclass(frozen=True, slots=True)
class Network:
    """Areas, voltage points by area and id, and, per scope, the customers served from each local day on.

    Built by `from_records` only. `scopes` has the three scopes of each area; numbers without a known area add up in
    UNKNOWN_SCOPES. `served_by_area` has the figures of an area and the days from which they hold, if it has any;
    `served_from` the day from which all areas of a scope have a figure, None if one of them has none at all.
    """

    areas: Mapping[str, AreaInfo]
    scopes: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figures]
    version: str
    points: Mapping[tuple[str, str], PointInfo]
    served_by_area: Mapping[str, Figures]
    served_from: Mapping[str, str | None]
    unlisted: Mapping[str, int]  # by field, the number of records with an unlisted value

    @classmethod
    def from_records(
        cls, records: Iterable[object], loaded_at: Mapping[tuple[str, str], int] = MappingProxyType({})
    ) -> Network:
        """Fold records of areas and points, and ignore other record types; of two with one key the later holds.

        `loaded_at`: the timestamps of the records of points (epoch seconds), by area and id.
        """
        records = tuple(records)
        latest = {record.area: record for record in records if isinstance(record, Area)}
        areas = {
            key: AreaInfo(record.region, _known(record.area_type, AREA_TYPES)) for key, record in sorted(latest.items())
        }
        scopes = {key: _scopes(info.region, info.area_type) for key, info in areas.items()}
        changes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        canonical = hashlib.sha256()
        by_area: dict[str, Figures] = {}
        for key, info in areas.items():
            figures = sorted((figure.valid_from, figure.customers) for figure in latest[key].served)
            canonical.update(repr((key, info.region, info.area_type, figures)).encode())
            if figures:
                by_area[key] = tuple(day for day, _ in figures), tuple(customers for _, customers in figures)
            before = 0
            for day, customers in figures:
                for scope in scopes[key]:
                    changes[scope][day] += customers - before
                before = customers
        sums = {scope: running(by_day) for scope, by_day in changes.items()}
        points = _points(records, loaded_at)
        for point, about in points.items():
            canonical.update(repr((point, about)).encode())
        version = canonical.hexdigest()[:16]
        return cls(
            MappingProxyType(areas),
            MappingProxyType(scopes),
            MappingProxyType(sums),
            version,
            MappingProxyType(points),
            MappingProxyType(by_area),
            MappingProxyType(complete_from(scopes, by_area)),
            MappingProxyType(_count_unlisted(records)),
        )

    def area(self, area: str | None) -> AreaInfo | None:
        return self.areas.get(area) if area is not None else None

    def scopes_of(self, area: str | None) -> tuple[str, ...]:
        """The scopes of the area."""
        return self.scopes.get(area, UNKNOWN_SCOPES) if area is not None else UNKNOWN_SCOPES

    def served(self, scope: str, day: str) -> int | None:
        """Customers served in the scope on that local day (ISO date); None while one of its areas has no figure."""
        begins = self.served_from.get(scope)
        return None if begins is None or day < begins else on_day(self.figures[scope], day)

    def area_without_figure(self, scope: str) -> str | None:
        """The first area by name without any figure, which leaves the customers served in a scope unknown."""
        if self.served_from.get(scope, "") is not None:
            return None
        return next(area for area, of in self.scopes.items() if scope in of and area not in self.served_by_area)

    def served_in_area(self, area: str, day: str) -> int | None:
        """Customers served in the area on that local day (ISO date); None when it has no figure yet."""
        return on_day(self.served_by_area.get(area, NONE), day)

    def next_figure(self, area: str, day: str) -> str | None:
        """The first day after `day` (ISO dates) from which another figure of the area holds."""
        days, _ = self.served_by_area.get(area, NONE)
        return next((each for each in days if each > day), None)


def _points(records: Iterable[object], loaded_at: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], PointInfo]:
    """By area and id, sorted."""
    points = {}
    for record in records:
        if isinstance(record, Point):
            points[record.area, record.point] = PointInfo(
                _known(record.monitoring_class, MONITORING_CLASSES) or UNKNOWN,
                record.nominal_centivolts,
                tuple(sorted({of_list(phase, PHASES) or OTHER for phase in record.phases})),
                record.transformer_ratio or 1,
                record.monitored_from,
                loaded_at.get((record.area, record.point)),
                of_list(record.connection, CONNECTIONS),
                record.delivery_interval_seconds or 0,
                bool(unlisted(type(record), record)),
            )
    return dict(sorted(points.items()))


def _known(value: str | None, known: frozenset[str]) -> str | None:
    """None for an unlisted value of a field that decides a limit or a weight."""
    return value if value in known else None


def _count_unlisted(records: Iterable[object]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for record in records:
        if isinstance(record, NetworkBase):
            for name in unlisted(type(record), record):
                counts[f"network.{name}"] += 1
    return dict(sorted(counts.items()))


def _scopes(name: str, area_type: str | None) -> tuple[str, ...]:
    return ALL, region(name), region_area_type(name, area_type or UNKNOWN)


UNKNOWN_SCOPES = _scopes(UNKNOWN, None)
EMPTY_NETWORK = Network.from_records(())
