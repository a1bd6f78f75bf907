"""Records of grid.sla-breaches.v1 as alerts; their delivery to an Alertmanager, also after it was down."""

import asyncio
from collections import deque
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from schemas.event import format_instant
from streams.notify.alert_state import AlertState
from streams.notify.alerts import alert_of, is_firing, key_of
from streams.notify.delivery import Delivery
from streams.notify.server import create_notify_web
from tests.support.breaches import LINKS, breach
from tests.support.web_board import NOW, record

KEY = "L3a|order/W-1|1"


def state(*values: dict[str, Any]) -> AlertState:
    found = AlertState(LINKS, now=lambda: NOW + 1000)
    for value in values:
        found.apply(0, [record(key_of(value), value)])
    return found


@pytest.mark.parametrize(
    ("level", "own", "step", "severity"),
    [
        (60, "critical", "at_risk", "info"),
        (75, "warning", "at_risk", "info"),
        (90, "warning", "at_risk_90", "warning"),
        (100, "warning", "breached", "warning"),
        (100, "critical", "breached", "critical"),
        (150, "warning", "breached", "warning"),
        (200, "warning", "breached_200", "critical"),
        (600, "critical", "breached_200", "critical"),
    ],
)
def test_the_ladder_decides_level_and_severity(level, own, step, severity):
    status = "breached" if level >= 100 else "at_risk"

    labels = alert_of(breach(status, level, severity=own), LINKS)["labels"]

    assert (labels["level"], labels["severity"]) == (step, severity)


def test_an_alert_names_the_case_its_crew_its_place_and_the_deadline_in_local_time():
    alert = alert_of(breach(), LINKS)

    assert alert["labels"] == {
        "alertname": "SlaClock", "clock": "L3a", "kind": "order", "case": "W-1", "cycle": "1",
        "level": "breached", "severity": "warning", "region": "north",
    }  # fmt: skip
    assert alert["annotations"] == {
        "summary": "Crew not there, our line for each order: Order W-1 · Crew C-7 · Region north · Area T1, T2, "
        "T3 +1 · breached · Deadline 2026-06-03 12:00:00",
        "summary_zh": "到场超时（逐单控制线）: 工单 W-1 · 班组 C-7 · 区域 north · 台区 T1, T2, T3 +1 · 已超时 · "
        "期限 2026-06-03 12:00:00",
        "crew": "C-7",
        "place": "T1, T2, T3 +1",
        "deadline": "2026-06-03 12:00:00",
        "wallboard": "http://grid.example/#sla",
    }
    assert alert["generatorURL"] == "http://grid.example/api/v1/sla?case=W-1&clock=L3a&open=true"


def test_a_point_is_named_with_its_area():
    about = {"state": "silent", "monitoring_class": "D", "nominal_centivolts": 22_000}
    value = breach(clock="L17", kind="point", case="P-7", cycle=NOW - 2700, areas=["T1"], about=about)

    alert = alert_of(value, LINKS)

    assert key_of(alert["labels"]) == f"L17|point/P-7|{NOW - 2700}"
    assert alert["annotations"]["summary"].startswith("Point silent: Point P-7 · ")
    assert alert["annotations"]["summary_zh"].startswith("监测点无数据: 监测点 P-7 · ")
    assert "T1" in alert["annotations"]["place"]


def test_a_breach_starts_at_its_deadline_and_a_warning_when_it_is_known():
    assert alert_of(breach(at=NOW + 50), LINKS)["startsAt"] == format_instant(NOW)
    assert alert_of(breach("at_risk", 90, NOW - 270), LINKS)["startsAt"] == format_instant(NOW - 270)


def test_what_has_no_crew_says_nothing_of_one():
    outage = breach(kind="outage", clock="L9", about={"state": "active", "customers_out": 7}, areas=[])

    assert alert_of(outage, LINKS)["annotations"]["summary"] == (
        "Long outage: Outage W-1 · Region north · breached · Deadline 2026-06-03 12:00:00"
    )


@pytest.mark.parametrize("status", ["met", "met_late", "retracted", "void", "paused", "running"])
def test_what_nobody_has_to_act_on_does_not_fire(status):
    assert not is_firing(breach(status, None))
    assert state(breach(), breach(status, None)).firing == {}


def test_a_breach_of_a_case_that_was_given_up_does_not_fire():
    assert not is_firing(breach(open=False))


def test_a_record_without_a_value_takes_the_alert_back():
    found = state(breach())
    found.apply(0, [record(KEY, None)])

    assert found.firing == {}


def test_a_step_ends_the_one_before_it_when_it_came_to_be_known():
    before = alert_of(breach("at_risk", 90, NOW - 270), LINKS)
    now = state(breach())

    (ended,) = now.ended([before, now.firing[KEY]])

    assert ended == before | {"endsAt": format_instant(NOW + 1)}


@pytest.mark.parametrize("status", ["met_late", "retracted", "void"])
def test_an_end_ends_what_stands_also_under_another_region(status):
    active = [alert_of(breach(), LINKS), alert_of(breach(regions=["south"]), LINKS)]

    ended = list(state(breach(status, None, NOW + 500)).ended(active))

    assert [alert["endsAt"] for alert in ended] == [format_instant(NOW + 500)] * 2


def test_what_another_bridge_has_read_further_is_left_alone():
    ahead = alert_of(breach("breached", 200, NOW + 2700), LINKS)
    unknown = alert_of(breach(case="W-2"), LINKS)

    assert list(state(breach("at_risk", 90, NOW - 270)).ended([alert_of(breach(), LINKS), ahead, unknown])) == []


def test_a_clock_that_ended_long_ago_is_not_stored():
    due = format_instant(NOW - 90_000)
    shown = alert_of(breach(at=NOW - 90_000, deadline_at=due), LINKS)
    before = state(breach("void", None, NOW - 86_400, deadline_at=due))

    assert list(before.ended([shown])) == []
    assert len(list(state(breach("void", None, NOW - 80_000, deadline_at=due)).ended([shown]))) == 1


class Reader:
    """The part of a reader that the server of the forwarder uses."""

    is_caught_up = False

    def progress(self) -> tuple[int, int]:
        return (9, 9) if self.is_caught_up else (3, 9)


async def test_the_forwarder_reports_whether_it_has_read_the_topic_and_which_alertmanager_is_waiting():
    reader, found = Reader(), state(breach())
    deliveries = [Delivery("http://ops:secret@am-1:9093", found, 60), Delivery("http://am-2:9093/path", found, 60)]
    app: Any = create_notify_web(reader, SimpleNamespace(set_aside=2), found, deliveries)  # type: ignore[arg-type]  # it is used as one
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/livez")).status == 200
        early = await client.get("/readyz")
        assert (early.status, (await early.json())["recovery"]) == (503, {"read": 3, "total": 9})
        reader.is_caught_up = True
        ready = await client.get("/readyz")
        assert (ready.status, list((await ready.json())["alertmanagers"])) == (200, ["am-1:9093", "am-2:9093/path"])
        text = await (await client.get("/metrics")).text()

    assert "secret" not in text
    samples = {
        (sample.name.removeprefix("gridpulse_notify_"), sample.labels.get("alertmanager")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert (samples["ready", None], samples["alerts", None], samples["failures_total", "am-1:9093"]) == (1, 1, 0)
    assert samples["overdue_seconds", "am-2:9093/path"] > 0


class Away:
    """An Alertmanager that responds with the given codes, then accepts all alerts."""

    def __init__(self, *codes: int) -> None:
        self.codes, self.taken, self.received = deque(codes), list[Any](), asyncio.Event()

    async def get(self, _request: web.Request) -> web.Response:
        status = self.codes.popleft() if self.codes else 200
        return web.json_response([], status=status)

    async def post(self, request: web.Request) -> web.Response:
        self.taken.append(await request.json())
        self.received.set()
        return web.Response()


async def test_an_alertmanager_that_was_down_receives_the_present_alerts():
    waited = list[bool]()
    away, pauses, found = Away(503, 500, 400), list[float](), state(breach("at_risk", 90, NOW - 270))
    app = web.Application()
    app.add_routes([web.get("/api/v2/alerts", away.get), web.post("/api/v2/alerts", away.post)])

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        waited.append(delivery.overdue_seconds > 0)
        found.apply(0, [record(KEY, breach())])  # meanwhile

    async with TestServer(app) as server:
        delivery = Delivery(str(server.make_url("/")), found, 3600, sleep=sleep)
        delivering = asyncio.create_task(delivery.run())
        await asyncio.wait_for(away.received.wait(), 20)
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering

    assert delivery.failures == 3
    assert waited[:3] == [True] * 3
    assert not any(waited[3:])
    assert [alert["labels"]["level"] for alert in away.taken[0]] == ["breached"]
    assert pauses[:3] == [1, 2, 4]


async def test_many_alerts_go_in_several_requests_and_none_is_left_out():
    away, found = Away(), state(*(breach(case=f"W-{number}") for number in range(1201)))
    app = web.Application()
    app.add_routes([web.get("/api/v2/alerts", away.get), web.post("/api/v2/alerts", away.post)])
    received = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        received.set()

    async with TestServer(app) as server:
        delivery = asyncio.create_task(Delivery(str(server.make_url("/")), found, 3600, sleep=sleep).run())
        await asyncio.wait_for(received.wait(), 20)
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery

    assert [len(alerts) for alerts in away.taken] == [500, 500, 201]
    assert {alert["labels"]["case"] for alerts in away.taken for alert in alerts} == {f"W-{n}" for n in range(1201)}
