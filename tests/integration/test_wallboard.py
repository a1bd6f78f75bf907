"""The wallboard in a real browser, in front of a real broker, workers and web server that come and go."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Page

from schemas.event import format_instant
from streams import clock
from streams.demo.kafka import free_port
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.settings import Settings
from streams.simulator.grid import build
from streams.web.tiles.views import PIPELINE, TILES, VIEWS
from tests.support.browser import open_page
from tests.support.workers import CASES, Worker

WEB = ("streams.cli", "web")
STALE_AFTER_SECONDS = 4
SOON_MS, TAKEN_OVER_MS = 5_000, 45_000
STEPS: dict[str, dict[str, str]] = {
    "dispatched": {"crew": "c"}, "accepted": {}, "en_route": {}, "waiting": {"reason": "access"},
    "field_complete": {}, "returned": {"reason": "not_ours"},
}  # fmt: skip
NUMBER = re.compile(r"^(—|[\d,]+(\.\d+)?)$")
TEXT_OF_VALUE = "(name) => document.querySelector(`[data-name=${name}] .value b`)?.textContent"
CASES_TILES = ".tile[data-role=cases]"
NO_TILE_IS = f"""(name) => document.querySelectorAll('{CASES_TILES}').length > 12
    && !document.querySelector(`{CASES_TILES}.${{name}}`)"""
EVERY_TILE_IS = f"""(name) => [...document.querySelectorAll('{CASES_TILES}')]
    .every((tile) => tile.classList.contains(name))"""
VIEW_IS = """(name) => location.hash === `#${name}`
    && document.querySelector(`[data-view=${name}]`)?.matches("[aria-selected=true]")"""
SHOWN = ".tile:not([hidden])"
FIELDS = {"outages": "outage_id", "repairs": "work_order_id", "complaints": "complaint_id"}
CUT_OFF = """(elements) => elements
    .filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)
    .map((each) => each.textContent)"""
TOO_WIDE = "(rows) => rows.filter((row) => row.scrollWidth > row.clientWidth).map((row) => row.textContent)"


class Floor:
    """A worker and a web server on topics of their own, and somebody who reports."""

    def __init__(self, settings: Settings, folder: Path, sender: Sender) -> None:
        self.settings, self.sender = settings, sender
        self.worker = Worker(settings, folder / "worker.log", CASES)
        self.web = Worker(settings, folder / "web.log", WEB)
        self.url = f"http://127.0.0.1:{settings.web_port}"

    def close(self) -> None:
        self.web.close()
        self.worker.close()

    def report(self, family: str, key: str, event_type: str, ago_seconds: int, revision: int, **body: Any) -> None:
        at = format_instant(clock.now() - ago_seconds)
        envelope = {"event_id": f"{key}-{revision}", "revision": revision, "source": "test", "recorded_at": at}
        event = {"event_type": event_type, "occurred_at": at, FIELDS[family]: key, **envelope, **body}
        self.sender.send(family, key, event)
        self.sender.flush()

    def outage(self, key: str, customers: int, ago_seconds: int) -> None:
        areas = [{"area": "a-001", "customers": customers}]
        self.report("outages", key, "started", ago_seconds, 1, kind="fault", areas=areas)

    def open(self, page: Page) -> None:
        """The page, once the web server listens."""

        def there() -> bool:
            with suppress(Exception):  # refused connections, and 503 while it reads
                return bool(page.goto(f"{self.url}/readyz").ok)  # type: ignore[union-attr]  # loaded
            return False

        for _ in range(200):
            if there():
                break
            self.web.check_alive()
            page.wait_for_timeout(100)
        page.goto(self.url)
        page.wait_for_function(NO_TILE_IS, arg="stale", timeout=TAKEN_OVER_MS)


def zone_where_it_is_noon() -> str:
    """So that half an hour ago is today."""
    ahead = 12 - clock.now() // 3600 % 24
    return f"Etc/GMT{-ahead:+d}"


@pytest.fixture
def floor(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Floor]:
    settings = make_settings(
        partitions=2,
        zone=zone_where_it_is_noon(),
        web_port=free_port(),
        stale_after_seconds=STALE_AFTER_SECONDS,
        session_timeout_seconds=6,
        instance="w1",
        data_dir=str(tmp_path),
    )
    with Sender(settings) as sender:
        for record in build(1).records:
            sender.send("network", key_of(record), record)
        sender.flush()
        with closing(Floor(settings, tmp_path, sender)) as floor:
            floor.outage("o-1", 700, ago_seconds=1800)
            floor.outage("o-2", 34, ago_seconds=400)
            floor.report("outages", "o-2", "restored", 10, 2)
            body = {"report_received_at": format_instant(clock.now() - 1800), "work_type": "repair", "area": "a-001"}
            floor.report("repairs", "w-1", "created", 1800, 1, origin="call", **body)
            floor.report("repairs", "w-1", "arrived", 600, 2)
            for step, told in STEPS.items():  # an order in every state: the longest break-down fits, too
                floor.report("repairs", f"w-{step}", "created", 900, 1, origin="call", **body)
                floor.report("repairs", f"w-{step}", step, 100, 2, **told)
            for key, days in {"c-1": 0, "c-2": 20}.items():
                floor.report(
                    "complaints", key, "accepted", 1200 + 86_400 * days, 1, case_kind="complaint", category="outage"
                )
            yield floor


@pytest.fixture
def page(chromium: Path) -> Iterator[Page]:
    with open_page(chromium) as page:
        yield page


def value(page: Page, name: str) -> str:
    return page.locator(f"[data-name={name}] .value b").inner_text()


def assert_fits(page: Page) -> None:
    scrolled = "(() => { const e = document.scrollingElement; return [e.scrollWidth, e.scrollHeight]; })()"
    assert page.evaluate(scrolled) == [1920, 1080]
    assert page.eval_on_selector_all(f"{SHOWN}, {SHOWN} .below", CUT_OFF) == []
    rows = ", ".join(f"{SHOWN} {row}" for row in ("h2", ".value", ".line", ".beside", ".target", ".foot"))
    assert page.eval_on_selector_all(f"{rows}, body > header", TOO_WIDE) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_every_tile_and_follows_without_being_asked(floor: Floor, page: Page, language: str):
    errors: list[str] = []
    floor.open(page)
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{floor.url}/?lang={language}")
    page.wait_for_function(f"{TEXT_OF_VALUE}", arg="customers_out")
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '700'", timeout=TAKEN_OVER_MS)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('orders_open') === '{1 + len(STEPS)}'", timeout=SOON_MS)

    values = {name: value(page, name) for name in [tile.name for tile in TILES] + [PIPELINE]}
    assert all(NUMBER.match(text) for text in values.values()), values
    assert (values["complaints_open"], values["complaints_overdue"], values["intake"]) == ("2", "1", "1")
    assert values["orders_open"] == str(1 + len(STEPS))
    assert "—" not in values["saidi_today"] + values["restoration_today"] + values["arrival_today"]

    sizes = page.eval_on_selector_all(
        ".value b", "found => found.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert len(sizes) == len(TILES) + 1
    assert min(sizes) >= 64
    for view in VIEWS:
        page.click(f"[data-view={view.name}]")
        page.wait_for_function(VIEW_IS, arg=view.name, timeout=SOON_MS)
        drawn = page.eval_on_selector_all(SHOWN, "found => found.map((each) => each.dataset.name)")
        assert set(drawn) == set(view.tiles)
        assert_fits(page)

    floor.outage("o-3", 55, ago_seconds=1)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '755'", timeout=SOON_MS)
    assert errors == []


def test_behind_each_tile_is_a_list_whose_sum_is_the_tile(floor: Floor, page: Page):
    floor.open(page)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '700'", timeout=TAKEN_OVER_MS)

    page.click("[data-name=customers_out]")
    page.wait_for_selector("#list[open]")
    assert page.locator("#list-sum b").first.inner_text() == value(page, "customers_out") == "700"
    assert page.locator("#list-body tr").count() == 1
    floor.outage("o-3", 55, ago_seconds=1)
    page.wait_for_function("() => document.querySelectorAll('#list-body tr').length === 2", timeout=SOON_MS)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '755'", timeout=SOON_MS)
    amounts = [int(text) for text in page.locator("#list-body td:last-child").all_inner_texts()]
    assert amounts == [700, 55]
    assert page.locator("#list-sum b").first.inner_text() == value(page, "customers_out") == "755"
    page.click("#list-close")

    page.click("[data-name=saidi_today]")
    page.wait_for_selector("#list[open]")
    sum_, shown = (page.locator("#list-sum b").nth(number).inner_text() for number in (0, 1))
    above = re.search(r"\(([\d,]+) / ", shown)
    assert above is not None
    assert sum_ == above[1]
    rows = [float(text.replace(",", "")) for text in page.locator("#list-body td:last-child").all_inner_texts()]
    assert sum(rows) == pytest.approx(float(sum_.replace(",", "")), abs=0.5 + 0.05 * len(rows))


@pytest.mark.parametrize(
    ("language", "promise"), [("en", "Crew not there, our line for each order"), ("zh", "到场超时（逐单控制线）")]
)
def test_promises_are_listed_by_the_time_that_is_left(floor: Floor, page: Page, language: str, promise: str):
    for key, ago, crew in (("later", 2460, "C-2"), ("sooner", 2520, "C-1"), ("gone", 2940, "C-3")):
        body = {"report_received_at": format_instant(clock.now() - ago), "work_type": "repair", "area": "a-003"}
        floor.report("repairs", key, "created", ago, 1, origin="call", **body)
        floor.report("repairs", key, "dispatched", ago - 10, 2, crew=crew)
        floor.report("repairs", key, "accepted", ago - 20, 3)
    floor.open(page)
    page.goto(f"{floor.url}/?lang={language}#sla")
    page.wait_for_function(VIEW_IS, arg="sla", timeout=SOON_MS)
    page.wait_for_function(f"() => Number(({TEXT_OF_VALUE})('sla_at_risk')) > 2", timeout=TAKEN_OVER_MS)
    assert_fits(page)

    at_risk, breached = listed(page, "sla_at_risk"), listed(page, "sla_breached")

    found = [row for row in at_risk if row[0] in {"later", "sooner", "gone"}]
    assert [row[0] for row in found] == ["sooner", "later", "gone"]  # the last by its other promise
    assert found[0][4:7] == ["a-003", "C-1", promise]
    assert all(re.match("^0:0[0-4]$", row[7]) for row in found[:2]), found
    (gone,) = [row for row in breached if row[0] == "gone"]
    assert gone[6] == promise
    assert re.match("^−0:0[4-9]$", gone[7]), gone
    assert page.locator("#list-body .left.late").count() == len(breached)

    page.click("#list-close")
    page.click("[data-view=overview]")
    page.click("[data-name=orders_open]")
    page.wait_for_selector("#list[open]")
    rows = {row[0]: row for row in texts(page)}
    assert rows["gone"][-3] == promise
    assert rows["gone"][-2].startswith("−0:0")
    assert re.match("^3:[45][0-9]$", rows["w-1"][-2]), rows["w-1"]  # four hours from the arrival, ten minutes ago


def texts(page: Page) -> list[list[str]]:
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    found: list[list[str]] = page.eval_on_selector_all("#list-body tr", cells)
    return found


def listed(page: Page, name: str) -> list[list[str]]:
    """The rows behind a tile of counts, which add up to it."""
    if page.locator("#list[open]").count():
        page.click("#list-close")
    page.click(f"[data-name={name}]")
    page.wait_for_selector("#list[open]")
    sum_, shown = page.eval_on_selector_all("#list-sum b", "found => found.map((each) => each.textContent)")
    found = texts(page)
    assert sum_ == shown.split()[0] == str(sum(int(row[-1]) for row in found))
    return found


def test_the_page_greys_without_a_worker_and_outlives_a_restart_of_both(floor: Floor, page: Page):
    floor.open(page)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '700'", timeout=TAKEN_OVER_MS)

    floor.worker.kill()
    page.wait_for_function(EVERY_TILE_IS, arg="stale", timeout=(STALE_AFTER_SECONDS + 5) * 1000)
    page.wait_for_selector("#link.down", timeout=SOON_MS)  # connected, but not live
    assert value(page, "customers_out") == "700"  # the last that was known, in grey
    floor.outage("o-3", 55, ago_seconds=1)
    floor.worker.restart()
    page.wait_for_function(NO_TILE_IS, arg="stale", timeout=TAKEN_OVER_MS)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '755'", timeout=SOON_MS)

    floor.web.kill()
    page.wait_for_selector("#link.down", timeout=SOON_MS)
    page.wait_for_function(EVERY_TILE_IS, arg="stale", timeout=SOON_MS)
    floor.outage("o-4", 45, ago_seconds=1)
    floor.web.restart()
    page.wait_for_selector("#link:not(.down)", timeout=TAKEN_OVER_MS)
    page.wait_for_function(NO_TILE_IS, arg="stale", timeout=SOON_MS)
    page.wait_for_function(f"() => ({TEXT_OF_VALUE})('customers_out') === '800'", timeout=SOON_MS)


def test_views_are_kept_in_the_address_and_change_by_key_and_by_themselves(floor: Floor, page: Page):
    floor.open(page)
    page.goto(f"{floor.url}/?lang=zh#complaints")
    page.wait_for_function(VIEW_IS, arg="complaints", timeout=SOON_MS)

    page.keyboard.press("1")
    page.wait_for_function(VIEW_IS, arg="overview", timeout=SOON_MS)
    page.focus("[data-view=overview]")
    for key, view in {"ArrowRight": "supply", "End": "complaints", "ArrowLeft": "voltage", "Home": "overview"}.items():
        page.keyboard.press(key)
        page.wait_for_function(VIEW_IS, arg=view, timeout=SOON_MS)
    page.focus("[data-name=orders_open]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#list[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#list", state="hidden")

    page.goto(f"{floor.url}/?lang=en&rotate=1")
    for view in ("supply", "sla", "voltage", "complaints", "overview"):
        page.wait_for_function(VIEW_IS, arg=view, timeout=SOON_MS)
    page.keyboard.press("r")
    page.wait_for_selector("#rotate[aria-pressed=false]")
    assert page.evaluate("new URLSearchParams(location.search).has('rotate')") is False


def test_tiles_of_workers_that_never_reported_say_so(floor: Floor, page: Page):
    floor.open(page)

    for language, words in {"en": "The workers for voltage have not reported yet.", "zh": "电压"}.items():
        page.goto(f"{floor.url}/?lang={language}#voltage")
        page.wait_for_selector("[data-name=points_out] .reason")
        assert value(page, "points_out") == "—"
        assert words in page.locator("[data-name=points_out] .reason").inner_text()
        assert_fits(page)


def test_the_story_is_told_as_it_happens(floor: Floor, page: Page, tmp_path: Path):
    file = tmp_path / "story.jsonl"
    floor.web.restart(story_file=str(file))
    floor.open(page)
    page.goto(f"{floor.url}/?lang=en#story")
    page.wait_for_function(VIEW_IS, arg="story", timeout=SOON_MS)

    at = format_instant(clock.now())
    trip = {"at": at, "scene": "feeder_trip", "details": {"feeder": "F-07", "areas": 3, "customers": 4812}}
    back = {"at": at, "scene": "worker_back", "details": {"worker": "worker-1", "pid": 17, "seconds": 11.5}}
    numbers = [
        {"name": "customers_out", "period": "now", "scope": "all", "before": "1903.000000", "after": "1903.000000"},
        {"name": "saidi", "period": "today", "scope": "all", "before": "1.363200", "after": "1.363300"},
    ]
    file.write_bytes(orjson.dumps(trip | {"numbers": []}) + b"\n")
    page.wait_for_function("() => document.querySelectorAll('.scenes li').length === 1", timeout=SOON_MS)
    assert "F-07" in page.locator("#scene").inner_text()
    assert "4,812" in page.locator(".scenes li").inner_text()
    with file.open("ab") as more:
        more.write(orjson.dumps(back | {"numbers": numbers}) + b"\n")
    page.wait_for_selector(".numbers tbody tr", timeout=SOON_MS)

    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    rows = page.eval_on_selector_all(".numbers tbody tr", cells)
    assert rows == [
        ["SAIDI", "Today", "1.3632", "1.3633", "different"],
        ["Customers out now", "Now", "1,903", "1,903", "unchanged"],
    ]
    page.evaluate("document.getElementById('zone').textContent = 'Asia/Shanghai'")  # with all tabs the header is full
    for view in VIEWS:
        page.click(f"[data-view={view.name}]")
        assert_fits(page)
