"""`make replay-lists`: a data set's own full lists against the service at default settings; no worker may end itself.

`python -m tests.replay.lists pge_outages_2019_10`: shut-offs for public safety in October 2019, 679,000 customers out
at the peak and thousands of ids that come back. `expected_marks.csv.gz` was counted from the full lists, not from the
changes that are replayed.
"""

import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from streams import topics
from streams.replay.run import Options
from streams.settings import Settings
from tests.replay.run import Outcome, Run
from tests.replay.truth import Compared, compare, rows
from tests.support.evidence import broker
from tests.support.tools import find

KEYS = {
    "open": "outages_open|all|kind=all|now",
    "customers": "customers_out|all|kind=all|now",
    "open_planned": "outages_open|all|kind=planned|now",
    "customers_planned": "customers_out|all|kind=planned|now",
    **{f"open_{band}": f"outages_open|region={band}|kind=all|now" for band in ("north", "central", "south")},
    **{f"customers_{band}": f"customers_out|region={band}|kind=all|now" for band in ("north", "central", "south")},
    **{
        f"age_{age}": f"outages_open_by_age|all|kind=all,age={age}|now"
        for age in ("lt_1h", "1h_4h", "4h_8h", "8h_24h", "ge_24h")
    },
}
SECONDS = 3600


def main(names: list[str]) -> int:
    """0 when every list is equal and no worker ended, 1 when not, 2 when the data are not here."""
    shared = find("../shared")
    if shared is None:
        print("replay-lists: missing here: ../shared (the real data are not part of a clone)")
        return 2
    good = True
    for name in names:
        with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as address:
            outcome = _play(address, Path(folder), shared / "data" / name)
        compared = lists(outcome, shared / "data" / name)
        outcome.check_accounts()
        good &= compared.equal == compared.of and not outcome.ends
        print(f"{name}: {compared}; {outcome.seconds:.0f} s; workers that ended: {', '.join(outcome.ends) or 'none'}")
    return 0 if good else 1


def _play(address: str, folder: Path, data: Path) -> Outcome:
    """Default settings but for the zone of the data, and marks instead of the host's clock."""
    settings = Settings.load(
        broker=address, topic_prefix=f"lists-{uuid.uuid4().hex[:6]}.", clock="marks", zone="America/Los_Angeles"
    )
    topics.create(settings)
    run = Run(settings, folder, [data / "events.jsonl.gz"], session_seconds=settings.session_timeout_seconds)
    try:
        return run.play("as-listed", Options(), [], seconds=SECONDS)
    finally:
        run.close()


def lists(outcome: Outcome, folder: Path) -> Compared:
    """Every column of every list."""

    def pairs() -> Iterator[tuple[str, object, object]]:
        for row in rows(folder / "expected_marks.csv.gz"):
            at = int(row["mark"])
            for column, key in KEYS.items():
                record = outcome.at(key, at)
                yield f"{at} {column}", record["numerator"] if record else 0, int(row[column])

    return compare("numbers of full lists", pairs())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
