"""A real Chromium for tests, in front of a screen of 1920 x 1080."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
SCREEN = {"width": 1920, "height": 1080}


@contextmanager
def open_page(chromium: Path) -> Iterator[Page]:
    """An empty page; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
        try:
            yield browser.new_page(viewport=SCREEN, locale="en-GB")
        finally:
            browser.close()
