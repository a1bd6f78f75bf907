"""`make verify-week`: a simulated week of all four families, badly told, through a real broker and real workers.

Two workers of each role, under kills and a stop beyond the session; then `gridpulse verify` at noon of every day and at
the end, the accounts of an undisturbed pass, and what was announced against what the oracle lists. With WRITE=1 the
report is written to docs/evidence/verify.md.
"""

import subprocess
import sys
import tempfile
import textwrap
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from schemas.event import format_instant
from streams import topics
from streams.settings import Settings
from streams.simulator import recorded
from streams.simulator.rates import USUAL
from streams.wiring.names import PARTIALS
from tests.replay.run import ROWS, SESSION_SECONDS, TROUBLE, Run, totals, worked_through
from tests.support import announced
from tests.support.accounts import wrong_accounts
from tests.support.evidence import FOLDER, REPO, broker, written_by

REPORT = FOLDER / "verify.md"
SEED, DAYS, DAY = 7, 7, 24 * 3600
SHARES = {
    "duplicates": 0.1,
    "disorder": 0.3,
    "lateness": 0.03,
    "corrections": 0.2,
    "bad_clocks": 0.02,
    "garbage": 0.03,
}
END = recorded.START + DAYS * DAY
MARKS = range(recorded.START + recorded.MARK_SECONDS, END + 1, recorded.MARK_SECONDS)
LOOKS = [*range(recorded.START + DAY // 2, END, DAY), END]
WIDTH = 118
SECONDS = 600  # at most, for workers or for verify


def main(*, write: bool) -> int:
    """0 when every cell, every account and every announcement is equal, otherwise 1."""
    with tempfile.TemporaryDirectory() as name, broker(Path(name)) as address:
        settings = Settings.load(
            broker=address,
            topic_prefix=f"week-{uuid.uuid4().hex[:6]}.",
            clock="marks",
            session_timeout_seconds=SESSION_SECONDS,
        )
        topics.create(settings)
        recorded.run(settings, seed=SEED, days=DAYS, rates=replace(USUAL, **SHARES))
        runs = worked_through(settings, Path(name), PARTIALS, MARKS, trouble=TROUBLE, seconds=SECONDS)
        told = _verified(settings)
        clocks = announced.compare(settings)
        wrong = [sentence for role in PARTIALS for sentence in wrong_accounts(settings, role)]
        wrong += _admitted(runs, told)
    equal = all(read["equal"] == read["compared"] for read in told["reads"])
    lines = [*_head(told), *_accounts(runs, wrong), *_cells(told), *clocks.section(), *_can_fail()]
    print("\n".join(lines))
    if write:
        REPORT.write_text("\n".join(lines) + "\n")
        print(f"Written: {REPORT.relative_to(REPO)}")
    return 0 if equal and not wrong and not clocks.wrong else 1


def _verified(settings: Settings) -> dict[str, Any]:
    """What `gridpulse verify --json` says."""
    command = [sys.executable, "-m", "streams.cli", "verify", "--json", *(f"--at={at}" for at in LOOKS)]
    found = subprocess.run(command, env=settings.environment(), stdout=subprocess.PIPE, check=False, timeout=SECONDS)
    assert found.stdout, f"verify ended with {found.returncode}"
    told: dict[str, Any] = orjson.loads(found.stdout)
    assert [read["at"] for read in told["reads"]] == LOOKS
    return told


def _admitted(runs: list[Run], told: dict[str, Any]) -> list[str]:
    """The oracle decides about each record by itself: as many are admitted as the workers say."""
    counts = [totals(run.statuses) for run in runs]
    admitted = sum(count[outcome] for count in counts for outcome in ("applied", "duplicate", "stale"))
    return [] if admitted == told["events"] else [f"{admitted} records admitted, {told['events']} by the oracle"]


def _head(told: dict[str, Any]) -> list[str]:
    shares = ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in SHARES.items())
    compared = sum(read["compared"] for read in told["reads"])
    different = compared - sum(read["equal"] for read in told["reads"])
    about = (
        f"{DAYS} days of outages, work orders, complaints and voltages from the simulator (seed {SEED}), badly told "
        f"({shares}): {told['records']:,} records, {told['events']:,} of them admitted events. Marks every hour, four "
        "partitions, two workers of each role. `gridpulse verify` computes every KPI again in SQL and compares cell by "
        "cell: numerator, denominator, value, status, definition, completeness, and that a record is there or not."
    )
    return [
        "# The oracle and the service: a simulated week through a real broker",
        "",
        *written_by("make verify-week WRITE=1"),
        textwrap.fill(about, WIDTH),
        "",
        f"**{compared:,} cells compared, {different:,} differ.**",
        "",
    ]


def _accounts(runs: list[Run], wrong: list[str]) -> list[str]:
    rows = [*ROWS, *(run.row() for run in runs)]
    holds = "does NOT hold" if wrong else "holds"
    text = (
        f"It {holds} that every position that was committed has the counts of an undisturbed pass and none goes back, "
        "that\nno revision of a KPI is left out or told twice, and that as many events are admitted as the oracle "
        "admits."
    )
    return [*rows, "", text, *(f"- {sentence}" for sentence in wrong[:20]), ""]


def _cells(told: dict[str, Any]) -> list[str]:
    rows = ["| read time | cells compared | differ |", "| --- | --- | --- |"]
    for read in told["reads"]:
        rows.append(f"| {format_instant(read['at'])} | {read['compared']:,} | {len(read['differences'])} |")
        rows += [f"| {difference['key'].replace('|', ' ')} | | |" for difference in read["differences"][:3]]
    return [*rows, ""]


def _can_fail() -> list[str]:
    return [
        "That the comparison can fail is shown by `tests/oracle/test_mutations.py`, which makes formulas, limits, time",
        "zones and attributions of the service wrong, one at a time; that the accounts can, by",
        "`tests/chaos/test_sabotages.py`.",
    ]


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
