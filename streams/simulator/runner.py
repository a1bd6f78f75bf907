"""`gridpulse simulate`: the past days first, then live events until it is stopped."""

import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson

from schemas.event import DAY_SECONDS
from streams import clock
from streams.errors import InputUnreadable
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.progress import step
from streams.settings import Settings
from streams.simulator import demo_log
from streams.simulator.demo_script import REPEATED, Step, steps
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.lifecycle import Message
from streams.simulator.rates import USUAL, Rates
from streams.simulator.voltage import HOUR, ZONE_SECONDS

FOLDER = "simulator"  # in the data folder: network.json for `network load`, truth.jsonl
BACKFILL_DAYS = 3
COMPLAINT_DAYS = 9  # before the back-fill: complaints last for days, and some are overdue


def run(
    settings: Settings,
    *,
    seed: int = 1,
    backfill_days: float = BACKFILL_DAYS,
    speed: float = 1.0,
    rates: Rates = USUAL,
    demo_script: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Write the network and `backfill_days` of the past, then live events until `stop`; `speed` multiplies the rates.

    `demo_script`: run the demo script after the past. Time is the wall clock, because admission compares events with
    the broker's clock.
    """
    if settings.clock != "wall":
        raise InputUnreadable("The simulator runs on the wall clock; GRIDPULSE_CLOCK=marks is for replays.")
    folder = Path(settings.data_dir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    grid = build(seed)
    grid.write_json(folder / "network.json")
    with Sender(settings) as sender, (folder / "truth.jsonl").open("wb", buffering=0) as file:

        def write_truth(truth: dict[str, Any]) -> None:
            file.write(orjson.dumps(truth, option=orjson.OPT_APPEND_NEWLINE))

        runner = _Runner(settings, sender, stop or threading.Event())
        for record in grid.records:
            sender.send("network", key_of(record), record)
        now = clock.now()
        start = now - int(backfill_days * DAY_SECONDS)
        messages = _lifecycles(seed, start, now, rates.times(speed), write_truth)
        following = runner.past(messages, start, now)
        points, customers = len(grid.points), sum(area.customers for area in grid.areas)
        details: dict[str, Any] = {
            "days": f"{backfill_days:g}",
            "records": runner.sent,
            "customers": customers,
            "points": points,
        }
        demo_log.append(settings, "back_fill", **details)
        runner.live(following, messages, steps(grid, seed, clock.now()) if demo_script else iter(()))


def _lifecycles(
    seed: int, start: int, now: int, rates: Rates, truth: Callable[[dict[str, Any]], None]
) -> Iterator[Message]:
    """All lifecycles from `start` on, with earlier complaints, and with the voltages of the whole first day.

    Meters report single values only for the last hour.
    """
    customers = replace(rates.only("complaints"), other_cases=0)
    before = generate(seed, start - COMPLAINT_DAYS * DAY_SECONDS, COMPLAINT_DAYS, customers, truth)
    morning = (start + ZONE_SECONDS) % DAY_SECONDS  # a partly measured day has too little coverage
    measured = generate(seed, start - morning, morning / DAY_SECONDS, rates.only("voltage"), truth)
    lifecycles = generate(seed, start, rates=rates, truth=truth, singly_from=now - HOUR)
    return heapq.merge(before, measured, lifecycles, key=attrgetter("at"))


class _Runner:
    """Sends messages; stores the last records for the step with duplicates."""

    def __init__(self, settings: Settings, sender: Sender, stop: threading.Event) -> None:
        self.settings, self.sender, self.stop = settings, sender, stop
        self.sent = 0
        self.last: deque[Message] = deque(maxlen=REPEATED)

    def past(self, messages: Iterator[Message], start: int, now: int) -> Message:
        """Send all messages up to `now` (seconds) at once; returns the first later message."""
        reached = start
        hours = (now - start) / 3600
        with step("Back-filling", lambda: f"{max(reached - start, 0) / 3600:.0f} of {hours:.0f} hours"):
            for message in messages:
                if message.at > now or self.stop.is_set():
                    break
                reached = message.at
                self.send(message)
            self.sender.flush()
        return message

    def live(self, following: Message, messages: Iterator[Message], script: Iterator[Step]) -> None:
        """Send each message and each step of the script at its time, until stopped."""
        script_step = next(script, None)
        while True:
            next_at = following.at if script_step is None else min(following.at, script_step.at)
            if self.stop.wait(max(0, next_at * 1000 - clock.now_ms()) / 1000):
                return
            if script_step is not None and script_step.at <= next_at:
                self.run_step(script_step)
                script_step = next(script, None)
            else:
                self.send(following)
                following = next(messages)

    def run_step(self, script_step: Step) -> None:
        """Send the messages of a step, then log its scene."""
        again = list(self.last) if script_step.repeat else []
        for message in (*script_step.messages, *again[-script_step.repeat :]):
            self.send(message)
        self.sender.flush()
        if script_step.scene:
            demo_log.append(self.settings, script_step.scene, list(script_step.numbers), **script_step.details)

    def send(self, message: Message) -> None:
        self.sender.send(message.family, message.key, message.value)
        self.last.append(message)
        self.sent += 1
