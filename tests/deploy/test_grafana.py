"""The Grafana board: the file is what Grafana's own schema knows, and every query finds series in a real Prometheus."""

import asyncio
import json
import re
import subprocess
import urllib.parse
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from aiohttp import ClientSession, ContentTypeError, web
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy import grafana_board
from schemas.event import format_instant
from streams import clock
from streams.demo.kafka import free_port
from streams.dimensions.scopes import ALL, region
from streams.kpis import KPIS
from streams.kpis.kpi import Ratio
from streams.kpis.variants import variants
from streams.publish.record import key_of, record_of
from streams.settings import Settings
from streams.web.metrics import series_name
from streams.web.server import create_web
from streams.web.state import Board
from tests.support.tools import need

REPO = Path(__file__).parents[2]
BOARD = json.loads((REPO / "deploy/grafana/dashboards/gridpulse.json").read_text())
ROWS = [panel for panel in BOARD["panels"] if panel["type"] == "row"]
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
PANELS += [panel for row in ROWS for panel in row.get("panels", ())]  # of a folded row
QUERIES = sorted({target["expr"] for panel in PANELS for target in panel["targets"]})
PATIENCE_SECONDS = 60


def test_the_file_is_what_grafana_reads():
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(BOARD)))

    assert again == BOARD, "a misspelt key is dropped silently"


def test_every_panel_says_what_it_shows_and_what_nothing_looks_like():
    for panel in PANELS:
        assert panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
        if panel["type"] == "stat":
            assert panel["fieldConfig"]["defaults"]["noValue"] == "—"


@pytest.mark.parametrize("shown", [BOARD["panels"], *(row["panels"] for row in ROWS if row.get("panels"))])
def test_panels_do_not_cover_each_other(shown):
    cells = [
        (x, y)
        for panel in shown
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < grafana_board.WIDTH


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_every_kpi_has_a_panel(kpi):
    """Also one that no row names: a new KPI is on the board without another line."""
    name = re.compile(rf"\({series_name(kpi)}\{{")
    assert any(name.search(expr) for expr in QUERIES)


def everything(settings: Settings) -> Board:
    """A board with a value for every variant of every KPI, for the company and one region."""
    board = Board(settings.partitions, zone=settings.zone)
    now = clock.now()
    status = {"v": 1, "as_of": now, "published": now, "clock": "wall", "processed": {}, "cases": 1, "drift": 0}
    status["processed"] = {"grid.outages.v1": {"next_offset": 9, "start": 0, "applied": 8, "rejected": 1}}
    told = [SimpleNamespace(key=b"status", value=orjson.dumps(status), headers=())]
    for partition in range(settings.partitions):
        for role in ("cases", "voltage"):
            board.apply_partials(partition, told, role)
    records = []
    for variant in (variant for kpi in KPIS for variant in variants(kpi)):
        for scope in (ALL, region("north")):
            for name in ("now", "today", "week", "month", "last30d"):
                kind = "day" if name == "today" else name
                if kind in variant.kpi.periods:
                    period = board.period(name)
                    as_of = format_instant(now)
                    value = record_of(variant, scope, period, Ratio(3, 4), as_of=as_of, complete=True, final=False)
                    key = key_of(variant, scope, period).encode()
                    records.append(SimpleNamespace(key=key, value=orjson.dumps(value), headers=()))
    board.apply_kpis(0, records)
    case = {"kind": "outage", "open": True, "findings": ["area_unknown"], "as_of": format_instant(now)}
    board.apply_cases(0, [SimpleNamespace(key=b"outage/A", value=orjson.dumps(case), headers=())])
    return board


@contextmanager
def prometheus(folder: Path, target: int):
    """A real Prometheus that scrapes one port every second; yields its address."""
    binary, port = need("prometheus"), free_port()
    config = folder / "prometheus.yml"
    scraped = {"job_name": "gridpulse-web", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
    config.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [scraped]}))
    arguments = [
        f"--config.file={config}",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (
        (folder / "prometheus.log").open("wb") as log,
        subprocess.Popen([binary, *arguments], stdout=log, stderr=log) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


async def found(session: ClientSession, address: str, expr: str) -> list[object]:
    """What a query gives, as soon as it gives anything."""
    query = urllib.parse.urlencode({"query": expr.replace("$region", ".+")})
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with session.get(f"{address}/api/v1/query?{query}") as response:
                    answer = await response.json()
            except (OSError, ContentTypeError):  # not there yet, or 503 in plain text while it starts
                answer = {"status": "success", "data": {"result": []}}
            assert answer["status"] == "success", answer
            if answer["data"]["result"]:
                return list(answer["data"]["result"])
            await asyncio.sleep(0.2)


@pytest.mark.needs("prometheus")
async def test_every_query_finds_series_in_a_real_prometheus(tmp_path):
    settings = Settings.load(web_port=free_port())
    runner = web.AppRunner(create_web(settings, everything(settings)))
    await runner.setup()
    await web.TCPSite(runner, settings.web_host, settings.web_port).start()
    try:
        with prometheus(tmp_path, settings.web_port) as address:
            async with ClientSession() as session:
                for expr in QUERIES:
                    assert await found(session, address, expr), expr
    finally:
        await runner.cleanup()
