"""The voltage points of the generated grid: number per class, strength of their grid, and form of their reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from streams.simulator.rng import Rng

METERS_PER_AREA: Final = 4  # class D
USERS_AT_10_KV: Final = 12  # class C
USERS_AT_35_KV: Final = 4  # class B; class A is a 10 kV bus in each station
THREE_PHASE: Final = 6  # of the meters: they measure quality, 10-minute means as EN 50160 wants them
WITH_STATISTICS: Final = 24  # of the meters: they count their days themselves
NEVER_REPORTED: Final = 2  # in the network, but without any reading
FLAKY: Final = 6  # sometimes hours without a value
WEAK_AREAS: Final = 5  # long lines: under-voltage in the evening
SUNNY_AREAS: Final = 3  # much solar power: over-voltage at noon
SECONDARY: Final = 10_000  # 100 V behind a voltage transformer, in 0.01 V
LOW: Final = 22_000

Reports = Literal["readings", "values", "means", "means_at_end", "ten_minute_means"]


class Placed(Protocol):
    """The part of an area that is read here."""

    @property
    def id(self) -> str: ...
    @property
    def feeder(self) -> str: ...


@dataclass(frozen=True)
class Point:
    """A voltage point with its habits; `drop` and `rise` are shares of the nominal at full load, and at full sun."""

    id: str
    area: str
    monitoring_class: str = "D"
    nominal: int = LOW  # 0.01 V at the meter
    ratio: int = 1  # of the voltage transformer before it
    phases: tuple[str, ...] = ("A",)
    reports: Reports = "readings"
    drop: float = 0.03
    rise: float = 0.0
    statistics: bool = False
    flaky: bool = False
    silent: bool = False
    says_nominal: bool = False

    @property
    def record(self) -> dict[str, Any]:
        """As the network topic has it."""
        transformer = {} if self.ratio == 1 else {"transformer_ratio": self.ratio}
        return {
            "record_type": "point",
            "point": self.id,
            "area": self.area,
            "monitoring_class": self.monitoring_class,
            "nominal_centivolts": self.nominal,
            "phases": list(self.phases),
            **transformer,
        }


def points_of(seed: int, areas: Sequence[Placed]) -> tuple[Point, ...]:
    """The points that the network knows, meters first."""
    rng = Rng(f"points/{seed}")
    return (*_meters(rng, areas), *_monitors(rng, areas))


def strangers(areas: Sequence[Placed]) -> tuple[Point, ...]:
    """Points that are not registered in the network: the readings of the first have the nominal voltage."""
    return (
        Point("v-new-1", areas[0].id, says_nominal=True),
        Point("v-new-2", areas[-1].id),
    )


def _meters(rng: Rng, areas: Sequence[Placed]) -> Iterator[Point]:
    names = [area.id for area in areas]
    extreme = rng.sample(names, WEAK_AREAS + SUNNY_AREAS)
    weak, sunny = set(extreme[:WEAK_AREAS]), set(extreme[WEAK_AREAS:])
    number = len(names) * METERS_PER_AREA
    order = rng.sample(range(number), number)
    three_phase, statistics = set(order[:THREE_PHASE]), set(order[THREE_PHASE : THREE_PHASE + WITH_STATISTICS])
    silent, flaky = set(order[-NEVER_REPORTED:]), set(order[-NEVER_REPORTED - FLAKY : -NEVER_REPORTED])
    for n in range(number):
        area = names[n // METERS_PER_AREA]
        reports: Reports = rng.choice(("values", "values", "means", "means_at_end"))
        yield Point(
            f"v-{n + 1:03}",
            area,
            phases=("A", "B", "C") if n in three_phase else ("A",),
            reports="ten_minute_means" if n in three_phase else reports,
            drop=rng.uniform(0.105, 0.14) if area in weak else rng.uniform(0.02, 0.08),
            rise=rng.uniform(0.055, 0.075) if area in sunny else rng.uniform(0, 0.015),
            statistics=n in statistics,
            silent=n in silent,
            flaky=n in flaky,
        )


def _monitors(rng: Rng, areas: Sequence[Placed]) -> Iterator[Point]:
    """Of classes A, B and C; each belongs to an area, as all points do."""
    stations: dict[str, str] = {}
    for area in areas:
        stations.setdefault(area.feeder.rpartition("-")[0], area.id)
    for station, area_id in sorted(stations.items()):
        yield Point(f"v-bus-{station}", area_id, "A", SECONDARY, 100, ("A",), drop=rng.uniform(0.01, 0.04))
    for n, area in enumerate(rng.sample(areas, USERS_AT_10_KV), 1):
        yield Point(f"v-mv-{n:02}", area.id, "C", SECONDARY, 100, ("A",), drop=rng.uniform(0.04, 0.12))
    for n, area in enumerate(rng.sample(areas, USERS_AT_35_KV), 1):
        yield Point(f"v-hv-{n}", area.id, "B", SECONDARY, 350, ("A",), drop=rng.uniform(0.05, 0.09))
