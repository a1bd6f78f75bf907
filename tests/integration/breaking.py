"""A worker whose code breaks on every case that is called `... breaks`: `python -m tests.integration.breaking`."""

from typing import Any

from schemas.case_summary import CaseSummary
from streams.agents import case_records
from streams.app import run_worker
from streams.settings import Settings


def breaking(**said: Any) -> CaseSummary:
    """As the year 10000 does in a date."""
    if said["case"].endswith("breaks"):
        raise OverflowError("date value out of range")
    return CaseSummary(**said)


if __name__ == "__main__":
    vars(case_records)["CaseSummary"] = breaking
    run_worker(Settings.load())
