"""`gridpulse simulate`: the past first, then life as it goes, until somebody stops it."""

import threading
from pathlib import Path
from typing import Any

import orjson

from streams import clock
from streams.errors import InputUnreadable
from streams.local.network import key_of
from streams.local.progress import step
from streams.local.send import Sender
from streams.local.simulator.generate import DAY_SECONDS, generate
from streams.local.simulator.grid import build
from streams.local.simulator.rates import USUAL, Rates
from streams.settings import Settings

FOLDER = "simulator"  # in the data folder: network.json for `network load`, truth.jsonl


def run(
    settings: Settings,
    *,
    seed: int = 1,
    backfill_days: float = 1,
    speed: float = 1.0,
    rates: Rates = USUAL,
    stop: threading.Event | None = None,
) -> None:
    """Write the network and `backfill_days` of the past, then live until `stop`; `speed` times as much happens.

    Time itself is the wall clock's: admission compares events with the broker's.
    """
    if settings.clock != "wall":
        raise InputUnreadable("The simulator lives on the wall clock; GRIDPULSE_CLOCK=marks is for replays.")
    stop = stop or threading.Event()
    folder = Path(settings.data_dir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    grid = build(seed)
    grid.write_json(folder / "network.json")
    now = clock.now()
    start = now - int(backfill_days * DAY_SECONDS)
    reached = start
    with Sender(settings) as sender, (folder / "truth.jsonl").open("wb", buffering=0) as file:

        def write_truth(truth: dict[str, Any]) -> None:
            file.write(orjson.dumps(truth, option=orjson.OPT_APPEND_NEWLINE))

        for record in grid.records:
            sender.send("network", key_of(record), record)
        messages = generate(seed, start, rates=rates.times(speed), truth=write_truth)
        with step("Back-filling", lambda: f"{(reached - start) / 3600:.0f} of {(now - start) / 3600:.0f} hours"):
            for message in messages:
                if message.at > now or stop.is_set():
                    break
                reached = message.at
                sender.send(message.family, message.key, message.value)
            sender.flush()
        while not stop.wait(max(0, message.at * 1000 - clock.now_ms()) / 1000):
            sender.send(message.family, message.key, message.value)
            message = next(messages)
