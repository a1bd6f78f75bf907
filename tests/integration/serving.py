"""A web server without a broker for tests of its bounds, over a board of many records that changes all the time.

`python -m tests.integration.serving FILES IDLE STALLED KPIS`: how many files it may have open, its two patiences in
seconds, and how many KPI records it has. It prints its port.
"""

import asyncio
import resource
import sys
from itertools import count

from aiohttp import web

from streams.settings import Settings
from streams.web import connections, hub
from streams.web.keys import HUB
from streams.web.listening import claim, listen
from streams.web.server import create_web
from tests.support.web_board import kpi, new_board, order, outage

RENDER_SECONDS = 0.02


async def serve(records: int) -> None:
    """Until it is killed."""
    board = new_board()
    board.apply_kpis(0, [kpi("saidi", "2026-06-02", n, 60, scope=f"region=r{n:06}") for n in range(records)])
    board.apply_cases(0, [outage(f"N{n:06}", 1, areas=["T" * 50]) for n in range(records // 10)])
    claimed = claim("127.0.0.1", 0, "no setting")
    runner = web.AppRunner(create_web(Settings(), board))
    await runner.setup()
    await listen(runner, claimed)
    print(claimed.getsockname()[1], flush=True)
    for number in count():
        board.apply_cases(0, [order(f"W{number % 9}", crew="C" * (number % 9), findings=["f"] * (number % 9))])
        board.apply_kpis(0, [kpi("customers_out", "now", number, 1, "kind=all", unit="customers")])
        await asyncio.sleep(RENDER_SECONDS)
        assert runner.app[HUB].listeners >= 0


if __name__ == "__main__":
    files, idle, stalled, many = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    connections.IDLE_SECONDS, connections.STALLED_SECONDS, hub.INTERVAL_SECONDS = idle, stalled, RENDER_SECONDS
    asyncio.run(serve(many))
