"""One run of the bench: one broker, the contenders in turn, so that a busy machine hits all alike."""

import statistics
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams import clock, topics
from streams.progress import step
from streams.settings import Settings
from streams.topics import VOLTAGE
from tests.bench import ledger, load, points
from tests.bench.latency import commit_latency
from tests.bench.recovery import recoveries
from tests.bench.throughput import COUNT, POINTS, WORKER, alone, bare, through

COUNTED_TIMES = 10  # the events over and over: counting them once is over before a second unit begins
RESOLUTION_SECONDS = 0.001  # of the records' timestamps; a tiny run is over within one


@dataclass(frozen=True)
class Size:
    """How much is measured; the defaults take about five minutes on two cores."""

    events: int = 200_000
    rounds: int = 3
    latency_events: int = 600
    latency_per_second: int = 100
    cases: int = 100_000
    recoveries: int = 3
    points: int = 10_000
    slots: int = 72  # of 15 minutes: from midnight to the evening in which the bench runs
    days: int = 3  # of 96 values, in frames; of one day too few units come for a pace
    points_in_memory: int = 100
    sealed_days: int = 35


Result = dict[str, Any]


def run(broker: str, size: Size, folder: Path, say: Callable[[str], None]) -> Result:
    """All figures; seconds, events per second, and their ratios to the bare loop of the same round."""
    say(f"Throughput: {size.rounds} rounds, {size.events:,} events each")
    rounds = list(_rounds(broker, size, folder))
    say("Commit latency")
    with topics_of_our_own(broker) as settings:
        latencies = commit_latency(settings, size.latency_events, size.latency_per_second, folder)
        interval_ms, partitions = settings.commit_interval_ms, settings.partitions
    say(f"Recovery of {size.cases:,} cases")
    with topics_of_our_own(broker) as settings:
        events = load.short_lives(size.cases)
        load.preload(settings, events)
        through(WORKER, settings, len(events), folder)
        runs = recoveries(WORKER, settings, size.recoveries, folder)
        recovered = {"cases": ledger.history(settings)[1], "runs": runs}
    return {
        "settings": {"partitions": partitions, "commit_interval_ms": interval_ms, "workers": 1},
        "throughput": _throughput(rounds, size.events),
        "commit_latency": _latency(latencies, size),
        "recovery": _recovery(recovered),
        "points": _points(broker, size, folder, say),
    }


def _points(broker: str, size: Size, folder: Path, say: Callable[[str], None]) -> Result:
    """The app of voltage: single readings, frames, the recovery of what these left, and memory."""
    say(f"Voltage: {size.rounds} rounds, {size.points:,} points, {size.slots} readings and {size.days} days of each")
    with step("  making events"):
        singles, frames = points.singles(size.points, size.slots), points.frames(size.points, size.days)
    runs: list[dict[str, float]] = []
    told = {
        "singles": [_round_of_points(broker, size, singles, folder) for _ in range(size.rounds)],
        "frames": [_round_of_points(broker, size, frames, folder, runs) for _ in range(size.rounds)],
    }
    with step("  memory"):
        memory = alone("tests.bench.memory", size.points_in_memory, size.sealed_days)
    return {
        "points": size.points,
        "singles": _throughput(told["singles"], len(singles)),
        "frames": _throughput(told["frames"], len(frames)) | {"values_per_frame": points.FRAME_VALUES},
        "recovery": _recovery({"cases": size.points, "runs": runs}),
        "memory": memory,
    }


def _round_of_points(
    broker: str, size: Size, events: load.Events, folder: Path, recovered: list[dict[str, float]] | None = None
) -> dict[str, Result]:
    """The worker beside the bare loop; then, where asked for, one more recovery of what the worker left."""
    with topics_of_our_own(broker) as settings:
        load.preload_backlog(settings, events, VOLTAGE, points.network(range(size.points)), points.sent_at)
        worker = through(POINTS, settings, len(events), folder)
        if recovered is not None:
            recovered += recoveries(POINTS, settings, 1, folder)
        return {"worker": worker, "bare": bare(settings, POINTS.family, len(events))}


def _rounds(broker: str, size: Size, folder: Path) -> Iterator[dict[str, Result]]:
    with step("  making events"):
        events = load.storm(size.events)
    for _ in range(size.rounds):
        with topics_of_our_own(broker) as settings:
            load.preload(settings, events)
            worker = through(WORKER, settings, size.events, folder)
            yardstick = bare(settings, WORKER.family, size.events)
        with topics_of_our_own(broker) as settings:
            load.preload(settings, tuple(events) * COUNTED_TIMES)
            counting = through(COUNT, settings, COUNTED_TIMES * size.events, folder)
        yield {"worker": worker, "counting": counting, "bare": yardstick}


def evening() -> str:
    """A zone where it is between six and seven in the evening: what was measured half a day before was today.

    At whatever hour the bench runs, it measures the same: values of the day before are work of another kind.
    """
    ahead = (18 - clock.now() // 3600 % 24 + 10) % 24 - 10  # from -10 to 13 hours
    return f"Etc/GMT{-ahead:+}"


@contextmanager
def topics_of_our_own(broker: str) -> Iterator[Settings]:
    """Settings under a new prefix; its topics are there within the block and gone after it."""
    settings = Settings.load(broker=broker, topic_prefix=f"bench{uuid.uuid4().hex[:6]}.", zone=evening())
    topics.create(settings)
    try:
        yield settings
    finally:
        with topics.admin(settings) as client:
            client.delete_topics([spec.name for spec in topics.catalogue(settings)])


def _throughput(rounds: Sequence[dict[str, Result]], events: int) -> Result:
    rates = [{name: _rate(found) for name, found in each.items()} for each in rounds]
    return {
        "events": events,
        "rounds": rounds,
        "events_per_second": {name: _median(each[name] for each in rates) for name in rates[0]},
        "ratio_to_bare": {
            name: _median((each[name] / each["bare"] for each in rates), 3) for name in rates[0] if name != "bare"
        },
    }


def _rate(found: Result) -> float:
    return float(found["events"] / max(found["seconds"], RESOLUTION_SECONDS))


def _latency(latencies: Sequence[float], size: Size) -> Result:
    """Milliseconds; `latencies` in order."""
    cuts = statistics.quantiles(latencies, n=100, method="inclusive")
    return {
        "events": len(latencies),
        "events_per_second": size.latency_per_second,
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "max_ms": round(latencies[-1] * 1000, 1),
    }


def _recovery(found: Result) -> Result:
    runs = found["runs"]
    return found | {
        "records": runs[0]["records"],
        "records_per_second": _median(each["records"] / (each["read"] + each["fold"]) for each in runs),
        "read_records_per_second": _median(each["records"] / each["read"] for each in runs),
        "fold_cases_per_second": _median(found["cases"] / each["fold"] for each in runs),
        "process_start_to_ready_seconds": _median((each["ready"] for each in runs), 2),
    }


def _median(values: Iterator[float], digits: int = 0) -> float:
    return round(statistics.median(values), digits or None)
