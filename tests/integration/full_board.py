"""A web server without a broker whose every tile has every figure and every part, as great as may be.

`python -m tests.integration.full_board COUNT [stale]` prints its port; COUNT is what every count is.
"""

import asyncio
import sys
from itertools import product

from aiohttp import web

from streams.dimensions import periods
from streams.kpis import KPIS, Kpi
from streams.kpis.kpi import ROLES
from streams.kpis.variants import ALL
from streams.settings import Settings
from streams.web.listening import claim, listen
from streams.web.server import create_web
from streams.web.state import Board
from tests.support.web_board import DAY, NOW, kpi, status

SUMS = {"day": DAY, "month": "2026-06", "week": periods.week_of(DAY), "last30d": "last30d", "now": "now"}
RATIOS = {
    "ratio": ("0.999900", 10_000),
    "minutes": ("14390.400000", 1),
    "interruptions per customer": ("14390.500000", 1),
}


def records(each: Kpi, count: int) -> list[object]:
    """One for every period and every combination of dims."""
    value, below = RATIOS.get(each.unit, (f"{count}.000000", 1))
    values = product(*((*dim.values, ALL) for dim in each.dims))
    combinations = [dict(zip((dim.name for dim in each.dims), of, strict=True)) for of in values]
    return [
        kpi(each.name, SUMS[str(period)], count * below, below * (1 if each.periods == ("now",) else count),
            ",".join(f"{name}={of}" for name, of in sorted(dims.items())) or "-", value=value, unit=each.unit)
        for period in each.periods for dims in combinations
    ]  # fmt: skip


async def serve(count: int, age: int) -> None:
    """Until it is killed."""
    board = Board(2, zone="Asia/Shanghai", wall=lambda: NOW + age)
    for role in ROLES:
        for partition in range(2):
            board.apply_partials(partition, [status()], role=role)
    for each in KPIS:
        board.apply_kpis(0, records(each, count))
    claimed = claim("127.0.0.1", 0, "no setting")
    runner = web.AppRunner(create_web(Settings(), board))
    await runner.setup()
    await listen(runner, claimed)
    print(claimed.getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), 99_999_999 if "stale" in sys.argv else 0))
