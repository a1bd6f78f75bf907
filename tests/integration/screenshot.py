"""`python -m tests.integration.screenshot FILE [LANGUAGE]`: a picture of the demo's wallboard, a day back-filled."""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from streams.local.kafka import free_port
from streams.settings import Settings
from tests.browser import open_page
from tests.conftest import find

READY_SECONDS = 240
# Every tile has a value and none is old, for some seconds: the back-fill is through.
SETTLED = """() => {
    const tiles = [...document.querySelectorAll(".tile")];
    const still = tiles.length === 12 && !tiles.some((tile) => tile.matches(".stale, .undefined"));
    window.since = still ? window.since ?? Date.now() : undefined;
    return still && Date.now() - window.since > 8000;
}"""


def main(file: Path, language: str = "en") -> None:
    chromium = find("chromium")
    assert chromium is not None, "Chromium is not installed."
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(web_port=free_port(), data_dir=folder)
        environment = settings.environment()
        if "broker" not in settings.model_fields_set:
            del environment["GRIDPULSE_BROKER"]  # unset, the demo starts one of its own
        demo = subprocess.Popen([sys.executable, "-m", "streams.cli", "demo"], env=environment)
        try:
            url = f"http://127.0.0.1:{settings.web_port}"
            _await(f"{url}/readyz", demo)
            with open_page(chromium) as page:
                page.goto(f"{url}/?lang={language}")
                page.wait_for_function(SETTLED, timeout=READY_SECONDS * 1000)
                page.screenshot(path=file)
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
    main(Path(sys.argv[1]), *sys.argv[2:])
