"""`make bench`: how fast it is here, beside a loop that does next to nothing. `make bench WRITE=1` records it."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from streams.errors import GridpulseError
from tests.bench import report
from tests.bench.run import Size, run
from tests.support.evidence import REPO, broker


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write docs/evidence/bench.json")
    parser.add_argument("--events", type=int, default=Size.events, help="events of a round")
    parser.add_argument("--rounds", type=int, default=Size.rounds)
    parser.add_argument("--cases", type=int, default=Size.cases, help="cases in the ledger that is recovered")
    options = parser.parse_args()
    size = Size(events=options.events, rounds=options.rounds, cases=options.cases)
    console, began = Console(highlight=False), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gridpulse-bench-") as name, broker(Path(name)) as address:
        result = run(address, size, Path(name), console.print)
    console.print(report.table(result))
    console.print(f"{time.monotonic() - began:.0f} s in all")
    if options.write:
        console.print(f"Written: {report.write(result).relative_to(REPO)}")


if __name__ == "__main__":
    try:
        main()
    except GridpulseError as error:
        sys.exit(str(error))
