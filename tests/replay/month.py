"""`make verify-month`: a simulated month of all cases with clocks, at the usual rate, badly told, through real workers.

What they announce of clocks in it, against what the oracle lists: once with a mark every hour from the first day on,
once with the first mark after 29 days, before which nobody may be told of anything. Two workers, under kills and a stop
beyond the session; time runs as fast as they follow. With WRITE=1 the report is written to docs/evidence/announced.md.
"""

import sys
import tempfile
import textwrap
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from streams import topics
from streams.settings import Settings
from streams.simulator import recorded
from streams.simulator.rates import USUAL
from tests.replay.run import ROWS, SESSION_SECONDS, TROUBLE, Run, kill, worked_through
from tests.replay.week import SHARES
from tests.support.announced import WIDTH, compare
from tests.support.evidence import FOLDER, REPO, broker, written_by
from tests.support.statuses import Statuses

REPORT = FOLDER / "announced.md"
SEED, DAYS, DAY = 11, 30, 24 * 3600
UNMARKED_DAYS = 29
RATES = replace(USUAL.only("outages", "repairs", "complaints"), **SHARES)
END = recorded.START + DAYS * DAY
SECONDS = 1800  # at most, for workers
Trouble = list[tuple[float, Callable[[Run], None]]]


def main(*, write: bool) -> int:
    """0 when exactly what the oracle lists was announced, otherwise 1."""
    shares = ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in SHARES.items())
    about = (
        f"{DAYS} days of outages, work orders and complaints from the simulator at its usual rate (seed {SEED}), badly "
        f"told ({shares}), through four partitions and two workers. The oracle works out in SQL how every clock stands "
        "at every mark, and lists what has to be told of it."
    )
    lines = ["# What is announced in a month", "", *written_by("make verify-month WRITE=1")]
    lines += [textwrap.fill(about, WIDTH), ""]
    with tempfile.TemporaryDirectory() as name, broker(Path(name)) as address:
        marked, wrong = _month(address, Path(name) / "marked", 0, TROUBLE)
        lines += ["## A mark every hour", "", *marked]
        unmarked, also = _month(address, Path(name) / "unmarked", UNMARKED_DAYS, [(0.3, kill(0)), (0.6, kill(1))])
        lines += [f"## The first mark after {UNMARKED_DAYS} days, then one every hour", "", *unmarked]
    print("\n".join(lines))
    if write:
        REPORT.write_text("\n".join(lines) + "\n")
        print(f"Written: {REPORT.relative_to(REPO)}")
    return 1 if wrong or also else 0


def _month(broker: str, folder: Path, unmarked_days: int, trouble: Trouble) -> tuple[list[str], bool]:
    """The lines of the report, and whether anything is wrong."""
    settings = Settings.load(
        broker=broker,
        topic_prefix=f"month-{uuid.uuid4().hex[:6]}.",
        clock="marks",
        session_timeout_seconds=SESSION_SECONDS,
    )
    topics.create(settings)
    marks = range(recorded.START + unmarked_days * DAY + recorded.MARK_SECONDS, END + 1, recorded.MARK_SECONDS)
    said = {"seed": SEED, "days": DAYS, "rates": RATES, "unmarked_days": unmarked_days}
    with ThreadPoolExecutor() as pool:
        writing = pool.submit(recorded.run, settings, **said, paced=_pace(settings, marks[0]))
        (run,) = worked_through(settings, folder, ["cases"], marks, trouble=trouble, seconds=SECONDS)
        told = writing.result()
    found = compare(settings)
    head = f"{told.records:,} records, {told.marks:,} marks."
    return [head, "", *ROWS, run.row(), "", *found.section()], bool(found.wrong)


def _pace(settings: Settings, first: int) -> Callable[[int], None]:
    """Let no mark be written more than a day before the workers have published for it."""
    statuses = Statuses(settings)

    def wait(mark: int) -> None:
        began = time.monotonic()
        while mark - DAY >= first and statuses.reached()[1] < mark - DAY:
            assert time.monotonic() - began < SECONDS, "the workers do not follow"

    return wait


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
