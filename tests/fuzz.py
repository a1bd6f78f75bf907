"""Random and extreme events through a whole source partition and the KPI board, without a broker.

`python -m tests.fuzz --minutes 60` tries seed after seed; one that ends in an exception, or in a case that breaks our
code, is printed with what to run again. No record may do either.
"""

import argparse
import json
import random
import sys
import time
import traceback
from pathlib import Path
from types import SimpleNamespace

from schemas import EVENTS
from schemas.event import format_instant
from streams.agents.partition import SourcePartition
from streams.app import new_ledger
from streams.cells.totals import Totals
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.publish.board import Board
from streams.readers.rows import CHECKS, REASON_CHARACTERS_MAX
from streams.wiring.names import Names
from tests.support.lives import REFERENCE

EXAMPLES = Path(__file__).parents[1] / "schemas" / "examples"
T = 1_780_416_000  # 2026-06-03T00:00:00+08:00
WORDS = (
    "position", "status", "announced", "defect", "crew", "order", "outage", "point", "book", "tags", "about", "all|now",
    "region=north", "crew=x|2026-06-03", "saidi", "2026-W23", "last30d", "2026-06", "%", "=", "",
)  # fmt: skip
ROWS = 20
EVENTS_MAX, SECONDS_MAX = 120, 2 * 86_400
IDS = ("O", "停电-1", "a|b,c=d%", "x\x00y", "n" * 128)
ODD = (
    None, True, -1, 0, 1, 10**7, 10**8, 2**53, 2**64, 10**400, 0.5, float("nan"), float("inf"), "", "x", "\x00",
    "台" * 200,
    "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2000-01-01T00:00:00+14:00", "2099-12-31T23:59:59-14:00",
    "2026-02-30", "2000-01-01", "2099-12-31", [], {}, [None], [{}], [[[]]], {"a": {}},
    [{"area": "A", "customers": 10**7}, {"area": None, "customers": None}],
    [{"area": None, "remaining": 0}, {"area": "B", "remaining": 10**7}],
    {"start": "2000-01-01T00:00:00Z", "end": "2099-12-31T23:59:59Z"},
)  # fmt: skip


def examples(family):
    files = sorted((EXAMPLES / family.topic / "valid").glob("*.json"))
    return [json.loads(file.read_bytes()) for file in files]


BY_ROLE = {
    "cases": [(family, examples(family)) for family in EVENTS if family.name in ("outages", "repairs", "complaints")],
    "voltage": [(family, examples(family)) for family in EVENTS if family.name == "voltage"],
}
NAMES_OF_FIELDS = sorted(
    {name for found in BY_ROLE.values() for _, each in found for record in each for name in record}
)


def record_of(dice, families, now):
    """One record: an example under a few ids, its instants near `now`, some of its fields odd; rarely mere bytes."""
    family, found = dice.choice(families)
    said = dict(dice.choice(found))
    name = dice.choice(IDS)
    said[family.key] = name
    for field in ("occurred_at", "recorded_at", "report_received_at", "start", "etr"):
        if field in said:
            said[field] = format_instant(now - dice.randrange(3 * 86_400) if dice.random() < 0.3 else now)
    said |= {"revision": dice.randrange(20), "event_id": f"e{dice.randrange(30)}", "source": dice.choice("abc")}
    if family.name == "voltage":
        said.pop("event_id")
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
        said[dice.choice(NAMES_OF_FIELDS)] = dice.choice(ODD)
    value = json.dumps(said).encode()
    if dice.random() < 0.02:
        value = dice.randbytes(dice.randrange(40))
    key = str(said[family.key]).encode() if dice.random() < 0.98 else dice.choice((None, b"\xff", b""))
    record = SimpleNamespace(
        key=key, value=value, timestamp=1000 * dice.choice((now, now, now, now + 100, T)), offset=0, headers=()
    )
    return family.topic, record


def run(seed):
    """One life of a partition; AssertionError or whatever broke."""
    dice = random.Random(seed)
    role = dice.choice(tuple(BY_ROLE))
    names, families = Names.under("", role), BY_ROLE[role]
    rules = REFERENCE.rules
    ledger = new_ledger(role, REFERENCE, lambda _area: True)
    board = Board(0, 1, KPIS, rules, publish_interval=1, growth_interval=60, role=role)
    fold, totals = SourcePartition(0, names, board, ledger), Totals(1, rules.zone, marks=False)
    position = Position(1, "wall", {family.topic: TopicPosition() for family, _ in families})
    fold.load({name: {} for name in (names.partials, names.ledger, names.kpis, names.breaches)}, position)
    now = T
    for _ in range(dice.randrange(1, EVENTS_MAX)):
        topic, record = record_of(dice, families, now)
        counts = fold.apply(topic, [record])
        assert "defect" not in counts, record
        now += dice.choice((0, 0, 1, 60, 3600, SECONDS_MAX))
        position.as_of = now
        fold.advance(now, complete=False)
        changed = set()
        for output in fold.outputs(position):
            if output.topic == names.partials:
                changed |= set(totals.apply(0, output.key.decode(), output.value))
        if totals.as_of is not None:
            fold.publish(totals.as_of, totals, changed, complete=True)
    assert not ledger.defects, ledger.defects


def rows_read(seed):
    """Rows of gridpulse's own topics as anybody may have left them: a check gives a reason, and never raises."""
    dice = random.Random(seed)
    for check in CHECKS.values():
        for _ in range(ROWS):
            parts = [str(dice.choice((*WORDS, *IDS, dice.randrange(10**9)))) for _ in range(dice.randrange(1, 6))]
            key = dice.choice("/|").join(parts).encode(errors="surrogatepass")
            said = {name: dice.choice(ODD) for name in dice.sample(NAMES_OF_FIELDS, 4)}
            said |= {
                "v": dice.choice((1, 2, "1")),
                "topics": {},
                "as_of": dice.choice(ODD),
                "measures": dice.choice(ODD),
            }
            value = dice.choice((b"", b"\x00", b"\x01", b"\x01o", b"\x02")) + dice.choice(
                (json.dumps(said).encode(), json.dumps(dice.choice(ODD)).encode(), dice.randbytes(dice.randrange(30)))
            )
            for one in (key, dice.randbytes(4), None):
                for other in (value, None):
                    reason = check(one, other)
                    assert reason is None or 0 < len(reason) <= REASON_CHARACTERS_MAX


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--seed", type=int)
    wanted = options.parse_args()
    until = time.monotonic() + 60 * wanted.minutes
    seed, broken = wanted.seed if wanted.seed is not None else 0, 0
    while True:
        try:
            run(seed)
            rows_read(seed)
        except Exception:  # noqa: BLE001  # what it is about
            broken += 1
            print(
                f"seed {seed}: run again with `python -m tests.fuzz --seed {seed}`\n{traceback.format_exc()}",
                flush=True,
            )
        seed += 1
        if seed % 500 == 0:
            print(f"{seed} seeds, {broken} broken", flush=True)
        if wanted.seed is not None or time.monotonic() >= until:
            print(f"{seed} seeds, {broken} broken")
            return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
