"""`make replay-month`: the whole month of real outages, in order and under trouble; report in docs/evidence."""

import platform
import sys
import tempfile
import uuid
from pathlib import Path

from streams import topics
from streams.replay.run import Options
from streams.settings import Settings
from tests.replay import truth
from tests.replay.run import SESSION_SECONDS, TROUBLE, Outcome, Run
from tests.support.evidence import FOLDER, REPO, broker, commit
from tests.support.tools import find

REPORT = FOLDER / "replay-check.md"
MONTH = "pge_outages_2022_02"


def main() -> int:
    """0 when everything is equal, 1 when not, 2 when the data are not here."""
    shared = find("../shared")
    if shared is None:
        print("replay-month: missing here: ../shared (the real data are not part of a clone)")
        return 2 if Settings.load().require_all else 0
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as address:
        return _check(address, Path(folder), shared / "data" / MONTH)


def _check(broker: str, folder: Path, data: Path) -> int:
    lines, good = [], True
    for mapping in truth.MINUTES:
        ordered = _play(broker, folder / f"{mapping}-ordered", data, mapping, Options(), [])
        options = Options(shuffle_seed=20220201, duplicate_every=10)
        troubled = _play(broker, folder / f"{mapping}-troubled", data, mapping, options, TROUBLE)
        compared = [truth.marks(ordered, data)] if mapping == "as-listed" else []
        compared += [
            truth.cases(ordered, data, mapping),
            truth.cases(troubled, data, mapping),
            truth.cells(troubled, ordered),
        ]
        for outcome in (ordered, troubled):
            outcome.check_accounts()
            for writers in outcome.writers.values():
                writers.check_single_and_fenced()
        good &= all(row.equal == row.of for row in compared)
        lines += _section(mapping, ordered, troubled, compared)
        print("\n".join(lines[-12:]), flush=True)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join([*_head(good), *lines]) + "\n")
    print(f"\n{'everything is equal' if good else 'NOT everything is equal'}: {REPORT.relative_to(REPO)}")
    return 0 if good else 1


def _play(  # noqa: PLR0917 - wiring
    broker: str, folder: Path, data: Path, mapping: str, options: Options, trouble: list
) -> Outcome:
    folder.mkdir()
    settings = Settings.load(
        broker=broker,
        topic_prefix=f"month-{uuid.uuid4().hex[:6]}.",
        clock="marks",
        zone="America/Los_Angeles",
        session_timeout_seconds=SESSION_SECONDS,
    )
    topics.create(settings)
    run = Run(settings, folder, [data / "events.jsonl.gz"])
    try:
        return run.play(mapping, options, trouble, seconds=1200)
    finally:
        run.close()


def _head(good: bool) -> list[str]:
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    return [
        "# The month of February 2022 through a real broker and real workers",
        "",
        f"Written by `make replay-month` at commit {commit()}, {machine}, 2 workers and one Kafka broker on two cores.",
        "Data: pge_outages_2022_02, 16,397 outages on 3,444 lists of a public outage map.",
        "Truth: the lists' own sums, and a batch computation that came with the data.",
        "Trouble: records up to an hour late, every tenth twice, three `kill -9`, a SIGSTOP beyond the session.",
        "",
        f"**{'Everything is equal.' if good else 'NOT everything is equal.'}**",
        "",
    ]


def _section(mapping: str, ordered: Outcome, troubled: Outcome, compared: list[truth.Compared]) -> list[str]:
    rows = [f"## {mapping}", ""]
    rows += [f"- {row}" for row in compared]
    for name, outcome in (("in order", ordered), ("under trouble", troubled)):
        counts = ", ".join(f"{outcome} {n:,}" for outcome, n in outcome.counts().items() if n)
        rows.append(
            f"- {name}: {outcome.report.records:,} records, {outcome.report.marks:,} marks, "
            f"{sum(map(len, outcome.timeline.values())):,} KPI records in {outcome.seconds:.0f} s; {counts}; "
            f"workers that ended: {', '.join(outcome.ends) or 'none'}"
        )
    epochs = {topic: {p: len(seen) for p, seen in w.batches.items()} for topic, w in troubled.writers.items()}
    rows.append(f"- one producer id per partition, epochs never went back; distinct epochs per partition: {epochs}")
    return [*rows, ""]


if __name__ == "__main__":
    sys.exit(main())
