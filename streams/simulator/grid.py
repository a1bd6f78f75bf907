"""The generated grid: four regions, 24 feeders, 40 transformer areas, 120,000 customers, 184 voltage points."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from streams.simulator.points import Point, points_of, strangers
from streams.simulator.rng import Rng

REGIONS: Final = {"north": "城北 North", "east": "城东 East", "south": "城南 South", "west": "城西 West"}
STATIONS_PER_REGION: Final = 2
FEEDERS_PER_STATION: Final = 3
AREAS: Final = 40
CREWS_PER_REGION: Final = 6
CUSTOMERS: Final = 120_000
SERVED_FROM: Final = "2020-01-01"
TYPES: Final = {"urban": 20, "rural": 13, "remote": 7}  # areas of each
WEIGHTS: Final = {"urban": (80, 120), "rural": (45, 75), "remote": (15, 30)}  # customers, before scaling
MANAGERS: Final = ("王敏", "李强", "张伟", "刘洋", "陈静", "杨帆", "赵磊", "黄丽")


@dataclass(frozen=True)
class Area:
    """A transformer area of the grid."""

    id: str
    region: str
    feeder: str
    area_type: str
    customers: int


@dataclass(frozen=True)
class Grid:
    """Its areas, its crews by region, its voltage points, and its records for the network topic.

    `points` are all that measure; two of them the network does not know.
    """

    areas: tuple[Area, ...]
    crews: dict[str, tuple[str, ...]]
    points: tuple[Point, ...]
    records: tuple[dict[str, Any], ...]

    def along(self, area: Area) -> tuple[Area, ...]:
        """The areas on the same feeder, including this area."""
        return tuple(other for other in self.areas if other.feeder == area.feeder)

    def write_json(self, path: Path) -> None:
        """As a file that `gridpulse network load` reads."""
        path.write_bytes(orjson.dumps(self.records, option=orjson.OPT_INDENT_2))


def build(seed: int) -> Grid:
    """The grid of a seed; a seed always gives the same grid."""
    rng = Rng(f"grid/{seed}")
    stations = {f"{region}-s{n + 1}": region for region in REGIONS for n in range(STATIONS_PER_REGION)}
    feeders = {f"{station}-f{n + 1}": station for station in stations for n in range(FEEDERS_PER_STATION)}
    types = [area_type for area_type, number in TYPES.items() for _ in range(number)]
    rng.shuffle(types)
    hosts = [*feeders, *rng.sample(sorted(feeders), AREAS - len(feeders))]  # no feeder without an area
    weights = [rng.randint(*WEIGHTS[area_type]) for area_type in types]
    customers = [weight * CUSTOMERS // sum(weights) for weight in weights]
    customers[0] += CUSTOMERS - sum(customers)
    areas = tuple(
        Area(f"a-{number:03}", stations[feeders[feeder]], feeder, area_type, served)
        for number, (feeder, area_type, served) in enumerate(zip(hosts, types, customers, strict=True), 1)
    )
    crews = {region: tuple(f"{region}-crew-{n + 1}" for n in range(CREWS_PER_REGION)) for region in REGIONS}
    known = points_of(seed, areas)
    records: list[dict[str, Any]] = [
        *({"record_type": "region", "region": region, "name": name} for region, name in REGIONS.items()),
        *({"record_type": "station", "station": station, "region": region} for station, region in stations.items()),
        *({"record_type": "feeder", "feeder": feeder, "station": station} for feeder, station in feeders.items()),
        *(_record(area, rng) for area in areas),
        *(point.record for point in known),
    ]
    return Grid(areas, crews, (*known, *strangers(areas)), tuple(records))


def _record(area: Area, rng: Rng) -> dict[str, Any]:
    served = {"from": SERVED_FROM, "customers": area.customers, "mv_users": area.customers // 150}
    return {
        "record_type": "area",
        "area": area.id,
        "region": area.region,
        "area_type": area.area_type,
        "feeder": area.feeder,
        "demonstration": rng.chance(0.1),
        "community": f"{area.region}-community-{rng.randint(1, 9)}",
        "manager": rng.choice(MANAGERS),
        "served": [served],
    }
