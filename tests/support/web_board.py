"""Records of the derived topics by hand, and a board that has some of them."""

from types import SimpleNamespace
from typing import Any

import orjson
from aiohttp.test_utils import TestClient

from schemas.event import format_instant
from streams.web.state import Board

NOW = 1_780_459_200  # 2026-06-03T12:00:00+08:00
DAY = "2026-06-03"


def record(key: str, value: Any, headers: Any = ()) -> SimpleNamespace:
    raw = None if value is None else orjson.dumps(value)
    return SimpleNamespace(key=key.encode(), value=raw, headers=headers)


def status(as_of: int = NOW, published: int | None = NOW) -> SimpleNamespace:
    counts = {"next_offset": 9, "start": 0, "applied": 5, "duplicate": 1, "stale": 1, "rejected": 2, "defect": 0}
    processed = {"grid.outages.v1": {**counts, "forwarded": 0, "marks": 0}}
    value = {
        "v": 1,
        "as_of": as_of,
        "published": published,
        "clock": "wall",
        "processed": processed,
        "cases": 3,
        "defects": 0,
        "rows_set_aside": 0,
        "drift": 0,
        "calendar_ends": NOW + 86_400,
    }
    return record("status", value)


def kpi(name: str, period: str, above: int | None, below: int | None, dims: str = "kind=fault", **changes: Any) -> Any:
    scope = changes.pop("scope", "all")
    value = {
        "kpi": name,
        "scope": dict(part.split("=") for part in scope.split(",")) if scope != "all" else {},
        "dims": dict(part.split("=") for part in dims.split(",")) if dims != "-" else {},
        "period": period,
        "numerator": above,
        "denominator": below,
        "days": None,
        "value": None if above is None or below is None else f"{above / below:.6f}",
        "unit": "minutes",
        "basis": None,
        "as_of": format_instant(NOW),
        "complete": True,
        "status": "open",
        "definition_version": 1,
        "revision": 1,
        "reason": None if above is not None else "nobody served",
    } | changes
    return record(f"{name}|{scope}|{dims}|{period}", value)


def letter(key: str, reason: str) -> SimpleNamespace:
    """A dead letter."""
    return record(key, "x", (("__connect.errors.exception.class.name", reason.encode()),))


def row(day: str, measure: str, amount: int, per_second: int = 0) -> dict[str, Any]:
    return {"day": day, "measure": measure, "amount": amount, "per_second": per_second}


def outage(case: str, customers: int, **changes: Any) -> SimpleNamespace:
    value = {
        "case": case,
        "kind": "outage",
        "state": "active",
        "open": True,
        "outage_kind": "fault",
        "regions": ["north"],
        "areas": ["T1"],
        "started_at": format_instant(NOW - 600),
        "restored_at": None,
        "customers_out": customers,
        "customer_seconds_out": customers * 500,
        "findings": [],
        "contributes": [row("now", "customers_out|fault", customers)],
        "as_of": format_instant(NOW - 100),
    } | changes
    return record(f"outage/{case}", value)


def clock(name: str, left: int | None, status: str = "running", **changes: Any) -> dict[str, Any]:
    """A clock of a summary whose deadline is so many seconds ahead."""
    return {
        "clock": name,
        "cycle": 1,
        "status": status,
        "open": status in {"running", "paused", "at_risk", "breached"},
        "level_percent": {"at_risk": 90, "breached": 100}.get(status),
        "started_at": format_instant(NOW - 600),
        "deadline_at": None if left is None else format_instant(NOW + left),
        "ended_at": None,
        "severity": "warning",
        "provisional": False,
    } | changes


def order(case: str, *clocks: dict[str, Any], **changes: Any) -> SimpleNamespace:
    value = {
        "case": case,
        "kind": "order",
        "state": "dispatched",
        "open": True,
        "work_type": "repair",
        "crew": "C1",
        "regions": ["north"],
        "areas": ["T1"],
        "area_types": ["urban"],
        "report_received_at": format_instant(NOW - 600),
        "clocks": list(clocks),
        "findings": [],
        "contributes": [],
        "as_of": format_instant(NOW - 100),
    } | changes
    return record(f"order/{case}", value)


def new_board() -> Board:
    board = Board(2, zone="Asia/Shanghai", wall=lambda: NOW)
    board.apply_partials(0, [status()])
    board.apply_partials(1, [status(NOW - 1)])
    board.apply_kpis(0, [kpi("customers_out", "now", 30, 1, "kind=all", unit="customers")])
    board.apply_kpis(1, [kpi("saidi", DAY, 990, 100 * 60), kpi("saidi", "2026-06", None, None)])
    board.apply_cases(0, [outage("A", 20), outage("B", 10), outage("C", 7, outage_kind="non_payment", contributes=[])])
    return board


async def body(client: TestClient[Any, Any], path: str, status: int = 200) -> Any:
    async with client.get(path) as response:
        assert response.status == status, await response.text()
        return orjson.loads(await response.read())
