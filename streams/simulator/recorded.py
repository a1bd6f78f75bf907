"""`gridpulse simulate --marks`: days of the grid in event time, with timestamps and marks, for replays."""

from collections.abc import Callable, Iterator
from itertools import takewhile

from schemas.event import DAY_SECONDS
from streams.errors import InputUnreadable
from streams.load.network import key_of
from streams.load.producer import Sender
from streams.progress import step
from streams.replay.run import Report
from streams.settings import Settings
from streams.simulator.generate import generate
from streams.simulator.grid import build
from streams.simulator.lifecycle import Message
from streams.simulator.rates import USUAL, Rates

START = 1_780_243_200  # 2026-06-01 in China
MARK_SECONDS = 3600


def messages(seed: int, days: float, rates: Rates = USUAL, start: int = START) -> Iterator[Message]:
    """All messages sent within `days`, in order; later messages are cut off."""
    end = start + int(days * DAY_SECONDS)
    return takewhile(lambda message: message.at <= end, generate(seed, start, days, rates))


def run(
    settings: Settings,
    *,
    seed: int = 1,
    days: float = 7,
    speed: float = 1.0,
    rates: Rates = USUAL,
    unmarked_days: float = 0,
    paced: Callable[[int], None] = lambda _mark: None,
) -> Report:
    """Write the network, then the records of these days with a mark after every hour; `speed` multiplies the rates.

    In the first `unmarked_days` there is no mark: for whoever reads, they are the past. `paced` is called before each
    mark, and returns when it may be written.
    """
    if settings.clock != "marks" or not settings.topic_prefix:
        raise InputUnreadable("Marks need GRIDPULSE_CLOCK=marks and a GRIDPULSE_TOPIC_PREFIX of its own.")
    records = marks = 0
    end = START + int(days * DAY_SECONDS)
    with Sender(settings) as sender, step("Writing", lambda: f"{marks} of {(end - START) // MARK_SECONDS} hours"):
        for record in build(seed).records:
            sender.send("network", key_of(record), record, START)
        sender.flush()
        mark = START + int(unmarked_days * DAY_SECONDS)
        for message in messages(seed, days, rates.times(speed)):
            while message.at > mark + MARK_SECONDS:
                mark, marks = mark + MARK_SECONDS, marks + 1
                paced(mark)
                sender.mark(mark)
            sender.send(message.family, message.key, message.value, message.at)
            records += 1
        while mark < end:
            mark, marks = min(mark + MARK_SECONDS, end), marks + 1
            paced(mark)
            sender.mark(mark)
    return Report(records, marks, START, end)
