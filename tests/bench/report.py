"""The figures for people (a table) and for the record (docs/evidence/bench.json)."""

import os
from pathlib import Path
from typing import Any

import orjson
from rich.table import Table

from tests.support.evidence import FOLDER, commit, git, machine

EVIDENCE = FOLDER / "bench.json"


def table(result: dict[str, Any]) -> Table:
    through, latency, recovery = result["throughput"], result["commit_latency"], result["recovery"]
    rates, ratios = through["events_per_second"], through["ratio_to_bare"]
    settings, rounds = result["settings"], through["rounds"]
    shown = Table("what", "median", "beside", title="gridpulse bench", caption=_caption(settings), title_justify="left")
    shown.add_row("worker: all it does", f"{rates['worker']:,} events/s", _of(ratios["worker"]))
    shown.add_row("counting fold in the same lane", f"{rates['counting']:,} events/s", _of(ratios["counting"]))
    shown.add_row("bare loop: reads and validates", f"{rates['bare']:,} events/s", f"{len(rounds)} rounds")
    shown.add_section()
    paced = f"{latency['events']:,} at {latency['events_per_second']}/s"
    shown.add_row("sent → committed, p50", f"{latency['p50_ms']} ms", paced)
    shown.add_row("sent → committed, p99", f"{latency['p99_ms']} ms", f"max {latency['max_ms']} ms")
    shown.add_section()
    records, cases = int(recovery["records"]), recovery["cases"]
    shown.add_row("recovery: read and fold", f"{recovery['records_per_second']:,} records/s", f"{records:,} records")
    shown.add_row("  reading", f"{recovery['read_records_per_second']:,} records/s", f"{records:,} records")
    shown.add_row("  folding", f"{recovery['fold_cases_per_second']:,} cases/s", f"{cases:,} cases")
    shown.add_row("process start → ready", f"{recovery['process_start_to_ready_seconds']} s", "")
    _add_points(shown, result["points"])
    return shown


def _add_points(shown: Table, found: dict[str, Any]) -> None:
    singles, frames, recovery, memory = (found[name] for name in ("singles", "frames", "recovery", "memory"))
    rates, frame_rates, values = singles["events_per_second"], frames["events_per_second"], frames["values_per_frame"]
    shown.add_section()
    shown.add_row("voltage, single readings", f"{rates['worker']:,} values/s", _of(singles["ratio_to_bare"]["worker"]))
    shown.add_row("  bare loop", f"{rates['bare']:,} values/s", f"{found['points']:,} points")
    shown.add_row(
        f"voltage, frames of {values}",
        f"{frame_rates['worker'] * values:,} values/s",
        f"{_of(frames['ratio_to_bare']['worker'])}, {frame_rates['worker'] * values / rates['worker']:.1f} × singles",
    )
    shown.add_row("  bare loop", f"{frame_rates['bare'] * values:,} values/s", "")
    shown.add_row("recovery of points: folding", f"{recovery['fold_cases_per_second']:,} points/s", "")
    shown.add_row("  process start → ready", f"{recovery['process_start_to_ready_seconds']} s", "")
    shown.add_row(
        "memory of a point",
        f"{memory['bytes_per_point'] / 1000:.1f} KB",
        f"{memory['sealed_days']} sealed days, 3 open",
    )


def _of(ratio: float) -> str:
    return f"{ratio:.2f} × the bare loop"


def _caption(settings: dict[str, Any]) -> str:
    return (
        f"{settings['partitions']} partitions, one worker, a commit unit every {settings['commit_interval_ms']} ms, "
        f"broker on the same {os.cpu_count()} cores"
    )


def write(result: dict[str, Any]) -> Path:
    """With what ran, of which commit, on which machine; the date is the commit's."""
    about = {
        "command": "make bench WRITE=1",
        "commit": commit(),
        "date": git("log", "-1", "--format=%cI"),
        "machine": machine(),
    }
    EVIDENCE.parent.mkdir(parents=True, exist_ok=True)
    EVIDENCE.write_bytes(orjson.dumps(about | result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return EVIDENCE
