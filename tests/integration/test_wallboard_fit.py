"""The page in a real browser with the greatest numbers there may be, on screens of all sizes: nothing is cut off."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from streams.web.tiles.views import VIEWS
from tests.support.browser import open_page

PROVINCE = 47_123_456  # customers of one of the largest
SCREENS = ((1920, 1080), (1366, 768), (1024, 768), (390, 844))
SOON_MS = 60_000
THERE = "() => document.querySelectorAll('.tile:not([hidden]) .value b').length > 10"
# Texts by their glyphs: three quarters of the size of the font, in the middle of their line.
WRONG = """() => {
  const found = [];
  const glyphs = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const inner = Math.max(0, (box.height - 0.75 * parseFloat(getComputedStyle(node.parentElement).fontSize)) / 2);
    return { left: box.left, right: box.right, top: box.top + inner, bottom: box.bottom - inner };
  };
  for (const tile of document.querySelectorAll(".tile:not([hidden])")) {
    const walker = document.createTreeWalker(tile, NodeFilter.SHOW_TEXT), others = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.data, at = glyphs(walker.currentNode);
      if (at.right <= at.left) continue;
      for (let around = walker.currentNode.parentElement; tile.contains(around); around = around.parentElement) {
        const style = getComputedStyle(around), box = around.getBoundingClientRect();
        if (style.overflowX === "visible") continue;
        if (at.left < box.left - 0.5 || at.right > box.right + 0.5
            || at.top < box.top - 0.5 || at.bottom > box.bottom + 0.5) {
          found.push(`${tile.dataset.name}: ${text} is cut off`);
          break;
        }
      }
      for (const [other, there] of others) {
        if (at.left < there.right - 1 && at.right > there.left + 1
            && at.top < there.bottom - 1 && at.bottom > there.top + 1) {
          found.push(`${tile.dataset.name}: ${text} is over ${other}`);
        }
      }
      others.push([text, at]);
    }
  }
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.scrollingElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide`);
  if (clientWidth > 1100 && scrollHeight > clientHeight) found.push(`the page is ${scrollHeight} high`);
  return found;
}"""


class Full:
    """A server whose tiles have all their parts."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.integration.full_board", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module", params=[(PROVINCE,), (PROVINCE, "stale"), (11,)], ids=["province", "stale", "eleven"])
def full(request: pytest.FixtureRequest) -> Iterator[Full]:
    server = Full(*map(str, request.param))
    yield server
    server.close()


@pytest.fixture(scope="module")
def plain() -> Iterator[Full]:
    server = Full("11")
    yield server
    server.close()


@pytest.fixture(scope="module")
def page(chromium: Path) -> Iterator[Page]:
    with open_page(chromium) as page:
        yield page


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(THERE, timeout=SOON_MS)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_no_text_is_cut_off_or_over_another(full: Full, page: Page, width: int, height: int, language: str):
    page.set_viewport_size({"width": width, "height": height})
    wrong: dict[str, Any] = {}

    for view in VIEWS:
        page.goto("about:blank")
        opened(page, f"{full.url}?lang={language}#{view.name}")
        page.evaluate("document.getElementById('zone').textContent = 'America/Argentina/Buenos_Aires'")
        if found := page.evaluate(WRONG):
            wrong[view.name] = found

    assert wrong == {}


def test_a_screen_that_changes_its_size_is_drawn_anew(plain: Full, page: Page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    opened(page, plain.url)

    page.set_viewport_size({"width": 1280, "height": 1024})

    page.wait_for_function(f"() => ({WRONG})().length === 0", timeout=SOON_MS)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("?lang=de", "Grid operations"),
        ("?lang=zh-CN", "配网运行指标"),
        ("?lang=zh_CN&lang=", "配网运行指标"),
        ("?lang=EN&rotate=abc#nothing", "Grid operations"),
        ("?lang=%FF&rotate=-5#", "Grid operations"),
        ("?rotate=1e99&rotate=2&colour=red#%E6%B5", "Grid operations"),
        ("?lang=<script>&rotate=#constructor", "Grid operations"),
    ],
)
def test_nonsense_in_the_address_leaves_a_page(plain: Full, page: Page, query: str, title: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    opened(page, plain.url + query)

    assert page.locator("#title").inner_text() == title
    assert page.locator("[data-view=overview][aria-selected=true]").count() == 1
    assert page.locator("[data-name=customers_out] .value b").inner_text() == "11"


def test_a_rotation_has_bounds(plain: Full, page: Page):
    asked: list[Any] = []
    page.expose_function("asked", lambda ms: asked.append(ms))  # noqa: PLW0108 - playwright marks what it is given
    page.add_init_script(
        "const own = setInterval; setInterval = (f, ms) => { window.asked?.(ms); return own(f, ms); };"
    )

    for rotate in ("0.001", "-5", "1e99", "Infinity", "abc", "", "30"):
        opened(page, f"{plain.url}?rotate={rotate}")

    assert sorted({*asked}) == [1_000, 20_000, 30_000]  # the clock's, and a rotation's


def test_a_refusal_is_on_the_page(plain: Full, page: Page):
    problem = {"title": "Service Unavailable", "status": 503, "detail": "The topics are still being read."}
    page.route("**/api/v1/wallboard*", lambda route: route.fulfill(status=503, json=problem))
    try:
        page.goto(plain.url)
        page.wait_for_function(
            "(text) => document.getElementById('zone').textContent === text", arg=problem["detail"], timeout=SOON_MS
        )
    finally:
        page.unroute("**/api/v1/wallboard*")
