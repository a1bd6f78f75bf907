"""The tiles in their order, and the screens they are on: at most twelve each, the first for the whole."""

from typing import NamedTuple

from streams.web.tiles.complaints import COMPLAINTS
from streams.web.tiles.sla import SLA
from streams.web.tiles.supply import CREWS, SUPPLY
from streams.web.tiles.tile import Tile
from streams.web.tiles.voltage import VOLTAGE

PIPELINE = "pipeline"
TILES: tuple[Tile, ...] = (*SUPPLY, *CREWS, *SLA, *VOLTAGE, *COMPLAINTS)
BY_NAME = {tile.name: tile for tile in TILES}


class View(NamedTuple):
    """A screen; its name is the key of its text and the hash of its address."""

    name: str
    tiles: tuple[str, ...]


def _view(name: str, tiles: tuple[Tile, ...]) -> View:
    return View(name, (*(tile.name for tile in tiles), PIPELINE))


VIEWS = (
    View("overview", (
        "customers_out", "outages_open", "saidi_today", "restoration_today",
        "orders_open", "on_time_today", "points_out", "compliance_today",
        "complaints_open", "sla_at_risk", "sla_breached", PIPELINE,
    )),
    _view("supply", (*SUPPLY, *CREWS)),
    _view("sla", SLA),
    _view("voltage", VOLTAGE),
    _view("complaints", COMPLAINTS),
)  # fmt: skip
