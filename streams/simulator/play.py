"""`gridpulse simulate`: the past first, then life as it goes, until somebody stops it."""

import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson

from streams import clock
from streams.errors import InputUnreadable
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.progress import step
from streams.settings import Settings
from streams.simulator import story
from streams.simulator.generate import DAY_SECONDS, generate
from streams.simulator.grid import build
from streams.simulator.life import Message
from streams.simulator.night import REPEATED, Beat, beats
from streams.simulator.rates import USUAL, Rates
from streams.simulator.voltage import HOUR, ZONE_SECONDS

FOLDER = "simulator"  # in the data folder: network.json for `network load`, truth.jsonl
BACKFILL_DAYS = 3
COMPLAINT_DAYS = 9  # before the back-fill: a complaint lives for days, and some are overdue


def run(
    settings: Settings,
    *,
    seed: int = 1,
    backfill_days: float = BACKFILL_DAYS,
    speed: float = 1.0,
    rates: Rates = USUAL,
    night: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Write the network and `backfill_days` of the past, then live until `stop`; `speed` times as much happens.

    `night`: play the script of the demo after the past. Time itself is the wall clock's: admission compares events with
    the broker's.
    """
    if settings.clock != "wall":
        raise InputUnreadable("The simulator lives on the wall clock; GRIDPULSE_CLOCK=marks is for replays.")
    folder = Path(settings.data_dir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    grid = build(seed)
    grid.write_json(folder / "network.json")
    with Sender(settings) as sender, (folder / "truth.jsonl").open("wb", buffering=0) as file:

        def write_truth(truth: dict[str, Any]) -> None:
            file.write(orjson.dumps(truth, option=orjson.OPT_APPEND_NEWLINE))

        play = _Play(settings, sender, stop or threading.Event())
        for record in grid.records:
            sender.send("network", key_of(record), record)
        now = clock.now()
        start = now - int(backfill_days * DAY_SECONDS)
        messages = _lives(seed, start, now, rates.times(speed), write_truth)
        following = play.past(messages, start, now)
        points, customers = len(grid.points), sum(area.customers for area in grid.areas)
        told: dict[str, Any] = {
            "days": f"{backfill_days:g}",
            "records": play.sent,
            "customers": customers,
            "points": points,
        }
        story.tell(settings, "back_fill", **told)
        play.live(following, messages, beats(grid, seed, clock.now()) if night else iter(()))


def _lives(seed: int, start: int, now: int, rates: Rates, truth: Callable[[dict[str, Any]], None]) -> Iterator[Message]:
    """All lives from `start` on, of complaints those that began before, of voltages the whole first day.

    Meters tell single values lately only.
    """
    customers = replace(rates.only("complaints"), other_cases=0)
    before = generate(seed, start - COMPLAINT_DAYS * DAY_SECONDS, COMPLAINT_DAYS, customers, truth)
    morning = (start + ZONE_SECONDS) % DAY_SECONDS  # a day that is half measured is not covered
    measured = generate(seed, start - morning, morning / DAY_SECONDS, rates.only("voltage"), truth)
    lives = generate(seed, start, rates=rates, truth=truth, singly_from=now - HOUR)
    return heapq.merge(before, measured, lives, key=attrgetter("at"))


class _Play:
    """Sends; keeps the last records for the scene of the duplicates."""

    def __init__(self, settings: Settings, sender: Sender, stop: threading.Event) -> None:
        self.settings, self.sender, self.stop = settings, sender, stop
        self.sent = 0
        self.last: deque[Message] = deque(maxlen=REPEATED)

    def past(self, messages: Iterator[Message], start: int, now: int) -> Message:
        """Everything up to `now` (seconds) at once; the first message after that."""
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

    def live(self, following: Message, messages: Iterator[Message], script: Iterator[Beat]) -> None:
        """Each message at its time, each scene at its own, until somebody stops it."""
        beat = next(script, None)
        while True:
            next_at = following.at if beat is None else min(following.at, beat.at)
            if self.stop.wait(max(0, next_at * 1000 - clock.now_ms()) / 1000):
                return
            if beat is not None and beat.at <= next_at:
                self.play(beat)
                beat = next(script, None)
            else:
                self.send(following)
                following = next(messages)

    def play(self, beat: Beat) -> None:
        """Send what belongs to a scene, then tell it."""
        again = list(self.last) if beat.repeat else []
        for message in (*beat.messages, *again[-beat.repeat :]):
            self.send(message)
        self.sender.flush()
        if beat.scene:
            story.tell(self.settings, beat.scene, list(beat.numbers), **beat.details)

    def send(self, message: Message) -> None:
        self.sender.send(message.family, message.key, message.value)
        self.last.append(message)
        self.sent += 1
