"""`make delays`: how long after a deadline its breach is committed; WRITE=1 writes docs/evidence/delays.md.

The targets are said beside the figures, and decide nothing: they hold for a machine that does nothing else.
"""

import sys
import tempfile
import textwrap
import uuid
from collections.abc import Callable
from pathlib import Path

from streams import topics
from streams.settings import Settings
from tests.support.deadlines import PARTITIONS, SESSION_SECONDS, disturbed, quantile, undisturbed
from tests.support.evidence import FOLDER, REPO, broker, written_by

REPORT = FOLDER / "delays.md"
WIDTH = 118
ABOUT = (
    "Orders whose arrival limit passes at a random instant, and two workers, four partitions. Undisturbed: 500 within "
    "half a minute, and no other traffic. Disturbed: 2,000 within two minutes, while a third worker joins and leaves, "
    "one is killed (`kill -9`) and comes back eight seconds later, one is stopped beyond its session of "
    f"{SESSION_SECONDS} s and continued. Every transition of every clock was committed once, with the right deadline. "
    "The delay is that of the committed record behind the end of the deadline's second."
)
TARGETS = {"undisturbed": "p99 at most 1 s", "disturbed": f"at most {SESSION_SECONDS + 3} s: the session and 3 s"}


def main(*, write: bool) -> None:
    lines = ["# From a deadline to its record", "", *written_by("make delays WRITE=1"), textwrap.fill(ABOUT, WIDTH), ""]
    lines += ["| run | breaches | p50 | p99 | most | target |", "| --- | --- | --- | --- | --- | --- |"]
    with tempfile.TemporaryDirectory() as name, broker(Path(name)) as address:
        for scene in (undisturbed, disturbed):
            lines.append(_row(address, Path(name) / scene.__name__, scene))
    print("\n".join(lines))
    if write:
        REPORT.write_text("\n".join(lines) + "\n")
        print(f"Written: {REPORT.relative_to(REPO)}")


def _row(address: str, folder: Path, scene: Callable[[Settings, Path], list[float]]) -> str:
    folder.mkdir()
    settings = Settings.load(
        broker=address,
        topic_prefix=f"delays-{uuid.uuid4().hex[:6]}.",
        partitions=PARTITIONS,
        session_timeout_seconds=SESSION_SECONDS,
    )
    topics.create(settings)
    delays = scene(settings, folder)
    figures = " | ".join(f"{quantile(delays, percent):.3f} s" for percent in (50, 99, 100))
    return f"| {scene.__name__} | {len(delays):,} | {figures} | {TARGETS[scene.__name__]} |"


if __name__ == "__main__":
    main(write="--write" in sys.argv[1:])
