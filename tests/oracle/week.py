"""`python -m tests.oracle.week DAYS`: a simulated week of all four families, badly told, cell by cell.

The simulator's own duplicates, disorder, corrections, bad clocks and garbage; the service's pure path without Kafka
against the oracle, at noon of every day and at the end. Prints the lines of docs/evidence/verify.md, exits 1 on any
difference.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from streams.kpis import KPIS
from streams.local.simulator import generate
from streams.local.simulator.grid import build
from streams.oracle.compare import compare
from streams.oracle.engine import Oracle
from streams.oracle.records import FAMILIES, Record
from streams.oracle.table import Table
from streams.settings import Settings
from tests.oracle.service import MODELS, Service

if TYPE_CHECKING:
    from streams.kpis.kpi import Role

START, SEED, DAY = 1_780_416_000, 7, 86_400  # 2026-06-03T00:00:00+08:00
TOPICS = {family: topic for topic, family in FAMILIES.items()}
SETTINGS = Settings(clock="marks")


def main(days: int) -> int:
    """The number of cells that differ."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.json"
        build(SEED).write_json(file)
        said = orjson.loads(file.read_bytes())
    network = [
        Record("grid.network.v1", 0, n, START * 1000, f"{one['record_type']}/{n}".encode(), orjson.dumps(one))
        for n, one in enumerate(said)
    ]
    end = START + days * DAY
    marks = [*(START + DAY // 2 + DAY * n for n in range(days)), end]
    records: dict[Role, list[Record]] = {"cases": [], "voltage": []}
    for number, message in enumerate(generate(SEED, START)):
        if message.at > end:
            break
        value = message.value if isinstance(message.value, bytes) else orjson.dumps(message.value)
        role: Role = "voltage" if message.family == "voltage" else "cases"
        topic, key = TOPICS[message.family], message.key.encode()
        records[role].append(Record(topic, 0, number, message.at * 1000, key, value))
    different = 0
    for role, told in records.items():
        service = Service(role, [one for one in said if one["record_type"] in MODELS], SETTINGS)
        table = Table(service.play(told, marks))
        topics = sorted({record.topic for record in told})
        barriers = [Record(topic, 0, 0, mark * 1000, None, None, mark) for mark in marks for topic in topics]
        order = sorted([*told, *barriers], key=lambda record: (record.timestamp, record.mark is not None))
        names = [kpi.name for kpi in KPIS if kpi.role == role]
        with Oracle(SETTINGS, [*network, *order]) as oracle:
            for mark in marks:
                there = table.at(mark)
                places = {(key.split("|")[1], key.split("|")[3]) for key in there}
                found = compare(oracle.cells(mark, names, places), there, mark, 60, complete=True)
                different += len(found.differences)
                print(
                    f"| {role} | {len(told):,} | {mark} | {found.compared:,} | {len(found.differences)} |", flush=True
                )
                for difference in found.differences[:3]:
                    print(difference)
    return different


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
