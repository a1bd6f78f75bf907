"""Runs many seeds: `python -m tests.simulation --seeds 10000`; exit code 1 when a unit is torn, doubled or lost.

`--without-rule` gives aiokafka its own retries back, and has to be red. `--first 75 --seeds 1` is one seed again.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from os import environ  # noqa: TID251  # for a variable of Python's, not of gridpulse's

from rich.progress import track

from tests.simulation.run import Result, simulate

MODELS = {"leaders verify partitions": True, "leaders do not verify": False}
SHOWN = 3
COUNTED = ("torn", "announcement_lost", "doubled", "lost", "hanging", "late_met_ongoing", "ended_without_reason")
TEXT = """{name}: {seeds} seeds, {wrong} wrong.
  {torn} with a torn unit, {announcement_lost} of them with the ledger row visible and the announcement not;
  {doubled} with a unit twice, {lost} with a committed unit missing, {hanging} with records left pending.
  A late EndTxn met an open transaction in {late_met_ongoing}.
  The process ended {ends} times; in {ended_without_reason} seeds although every request was answered."""


def run(seeds: range, *, verifies: bool, rule: bool, description: str = "") -> list[Result]:
    """All seeds on all cores, with a progress bar on stderr where there is a description."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(partial(simulate, verifies=verifies, rule=rule), seeds, chunksize=8)
        return list(track(results, description, len(seeds), disable=not description))


def report(name: str, results: list[Result]) -> str:
    """One paragraph: what was seen, and the first wrong seeds."""
    wrong = [each for each in results if each.wrong]
    numbers = {what: sum(bool(getattr(each, what)) for each in results) for what in COUNTED}
    numbers |= {"name": name, "seeds": len(results), "wrong": len(wrong)}
    numbers["ends"] = sum(len(each.ends) for each in results)
    return "\n".join([TEXT.format(**numbers), *(f"  {each}" for each in wrong[:SHOWN])])


def main() -> int:
    if environ.get("PYTHONHASHSEED") != "0":  # sets of texts have their order by it: a seed would be another run
        os.execve(sys.executable, [sys.executable, "-m", __package__, *sys.argv[1:]], environ | {"PYTHONHASHSEED": "0"})
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--without-rule", action="store_true")
    options = parser.parse_args()
    red = False
    for name, verifies in MODELS.items():
        seeds, rule = range(options.first, options.first + options.seeds), not options.without_rule
        results = run(seeds, verifies=verifies, rule=rule, description=name)
        print(report(name, results))
        red |= any(each.wrong or each.ended_without_reason for each in results)
    return int(red)


if __name__ == "__main__":
    sys.exit(main())
