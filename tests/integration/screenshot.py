"""`python -m tests.integration.screenshot [FOLDER]`: pictures of the demo's wallboard, each screen in each language.

They are taken when the killed worker is back and no tile changes between defined and not any more.
"""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from streams.demo.kafka import free_port
from streams.settings import Settings
from streams.web.texts import LANGUAGES
from streams.web.tiles.views import VIEWS
from tests.support.browser import open_page
from tests.support.tools import find

READY_SECONDS = 240
# No tile of workers that have reported is old, and the same tiles have a value, for some seconds.
SETTLED = """() => {
    const tiles = [...document.querySelectorAll(".tile")];
    const fresh = tiles.filter((tile) => !tile.matches(".stale"));
    const state = fresh.filter((tile) => !tile.matches(".undefined")).map((tile) => tile.dataset.name).join();
    const still = fresh.length > 20 && state === window.state;
    window.state = state;
    window.since = still ? window.since ?? Date.now() : undefined;
    return still && Date.now() - window.since > 10000;
}"""
BACK = ".scenes .worker_back"  # the last thing of the night that changes a tile
DRAWN = "(view) => document.querySelector(`[data-view=${view}]`)?.matches('[aria-selected=true]')"


def main(folder: Path) -> None:
    """`wallboard.png` is the first screen in English, `wallboard-<view>-<language>.png` are the others."""
    chromium = find("chromium")
    assert chromium is not None, "Chromium is not installed."
    with tempfile.TemporaryDirectory() as data:
        settings = Settings.load(web_port=free_port(), data_dir=data)
        environment = settings.environment()
        if "broker" not in settings.model_fields_set:
            del environment["GRIDPULSE_BROKER"]  # unset, the demo starts one of its own
        demo = subprocess.Popen([sys.executable, "-m", "streams.cli", "demo"], env=environment)
        try:
            url = f"http://127.0.0.1:{settings.web_port}"
            _await(f"{url}/readyz", demo)
            with open_page(chromium) as page:
                page.goto(url)
                page.wait_for_selector(BACK, state="attached", timeout=READY_SECONDS * 1000)
                page.wait_for_function(SETTLED, timeout=READY_SECONDS * 1000)
                for language in LANGUAGES:
                    page.goto(f"{url}/?lang={language}")
                    for view in (*(view.name for view in VIEWS), "story"):
                        page.wait_for_selector(f"[data-view={view}]")
                        page.click(f"[data-view={view}]")
                        page.wait_for_function(DRAWN, arg=view)
                        first = (view, language) == (VIEWS[0].name, LANGUAGES[0])
                        page.screenshot(
                            path=folder / ("wallboard.png" if first else f"wallboard-{view}-{language}.png")
                        )
        finally:
            demo.terminate()
            demo.wait()


def _await(url: str, demo: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, OSError):
            assert demo.poll() is None, "the demo has ended"
            assert time.monotonic() < deadline, f"{url} did not become ready"
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
