"""Eight months of New York's complaints through a real broker and real workers, in order and shuffled and repeated.

Known about them beforehand: 17,418 opened, 17,093 closed, 316 of these in the second they opened, 648 after more than
35 days; 325 close before they open. Everything expected here is counted from the file by a few lines of csv.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas.event import parse_instant
from streams.load import policy as promises
from streams.replay.nyc_311 import BOROUGHS
from streams.replay.run import Options
from streams.settings import Settings
from tests.replay import truth
from tests.replay.run import SESSION_SECONDS, Outcome, Run

ZONE = ZoneInfo("America/New_York")
CALENDAR = Path(__file__).parent / "nyc-2020.toml"
DAY_SECONDS = 86_400
OPENED, CLOSED, EARLY, AT_ONCE, LATE = 17_418, 17_093, 325, 316, 648


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE)


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[tuple[str, datetime, datetime, str]]:
    with gzip.open(shared / "data" / "nyc_311_2020" / "complaints.csv.gz", "rt", encoding="utf-8") as text:
        return [
            (row["unique_key"], moment(row["created_date"]), moment(row["closed_date"]), row["borough"])
            for row in csv.DictReader(text)
        ]


@pytest.fixture
def play(make_settings: Callable[..., Settings], tmp_path: Path, shared: Path) -> Iterator[Callable[..., Outcome]]:
    runs: list[Run] = []

    def go(**options: int) -> Outcome:
        settings = make_settings(clock="marks", zone=ZONE.key, session_timeout_seconds=SESSION_SECONDS, partitions=2)
        promises.load(settings, promises.read(CALENDAR), dry_run=False)
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        runs.append(Run(settings, folder, [shared / "data" / "nyc_311_2020" / "complaints.csv.gz"]))
        outcome = runs[-1].play("nyc-311", Options(**options), [], seconds=480)
        runs[-1].close()
        return outcome

    yield go
    for run in runs:
        run.close()


def sums(outcome: Outcome, kpi: str, scope: str = "all", length: int = len("2020-01-01")) -> dict[str, tuple[int, int]]:
    """Numerator and denominator per day, or per month, of the records that hold last."""
    found = {}
    for key, records in outcome.timeline.items():
        name, place, dims, period = key.split("|")
        record = records[-1][1]
        if (
            (name, place) == (kpi, scope)
            and dims in {"-", "case_kind=all"}
            and len(period) == length
            and period != "last30d"
            and record
        ):
            found[period] = (record["numerator"], record["denominator"])
    return {period: pair for period, pair in found.items() if pair[0] is not None}


def check_counts(outcome: Outcome, rows: list[tuple[str, datetime, datetime, str]]) -> None:
    opened = Counter(created.date().isoformat() for _, created, _, _ in rows)
    closed = Counter(ended.date().isoformat() for _, created, ended, _ in rows if ended >= created)
    cohort = Counter(created.date().isoformat() for _, created, ended, _ in rows if ended >= created)
    assert (sum(opened.values()), sum(closed.values())) == (OPENED, CLOSED)

    for kpi in ("complaints_opened", "customer_cases_accepted"):
        assert {day: pair[0] for day, pair in sums(outcome, kpi).items() if pair[0]} == opened
        assert sum(pair[0] for pair in sums(outcome, kpi, length=len("2020-01")).values()) == OPENED
    for length in (len("2020-01-01"), len("2020-01")):
        shares = sums(outcome, "complaint_closure_cohort", length=length).values()
        assert tuple(map(sum, zip(*shares, strict=True))) == (CLOSED, OPENED)
        assert sum(pair[1] for pair in sums(outcome, "complaint_reopen_share", length=length).values()) == CLOSED
    assert {day: pair[0] for day, pair in sums(outcome, "complaint_closure_cohort").items() if pair[0]} == cohort
    assert sums(outcome, "complaint_closure_flow") == {day: (closed[day], opened[day]) for day in opened}
    assert {day: pair[0] for day, pair in sums(outcome, "complaints_closed").items() if pair[0]} == closed
    assert {day: pair[1] for day, pair in sums(outcome, "complaint_reopen_share").items()} == closed
    for borough in BOROUGHS:
        expected = sum(place.endswith(borough) for *_, place in rows)
        assert sum(pair[0] for pair in sums(outcome, "complaints_opened", f"region={borough}").values()) == expected
    contradictory = outcome.timeline["complaints_by_state|all|state=contradictory|now"][-1][1]
    assert contradictory["numerator"] == EARLY
    assert outcome.timeline["complaints_open|all|-|now"][-1][1]["numerator"] == 0


def check_cases(outcome: Outcome, rows: list[tuple[str, datetime, datetime, str]]) -> None:
    found = {key.removeprefix("complaint/"): case for key, case in outcome.cases.items()}
    assert len(found) == OPENED
    early = {key for key, created, ended, _ in rows if ended.timestamp() < created.timestamp()}
    assert {key for key, case in found.items() if case["findings"] == ["closed_before_accepted"]} == early
    assert len(early) == EARLY
    unanswered = {"closed": ["closed_without_reply"]}  # nobody says of any of them that it was answered
    assert all(case["findings"] == unanswered.get(case["state"], []) for key, case in found.items() if key not in early)
    lasted = [
        parse_instant(case["closed_at"]) - parse_instant(case["accepted_at"])
        for case in found.values()
        if case["state"] == "closed"
    ]
    assert (len(lasted), lasted.count(0), sum(n > 35 * DAY_SECONDS for n in lasted)) == (CLOSED, AT_ONCE, LATE)
    assert all(case["closed_at"] is None and not case["open"] for key, case in found.items() if key in early)


@pytest.mark.timeout(1200)
def test_everything_counts_in_any_order(play: Callable[..., Outcome], rows: list) -> None:
    ordered = play()

    check_counts(ordered, rows)
    check_cases(ordered, rows)
    ordered.check_accounts()
    assert ordered.counts()["applied"] == 2 * OPENED
    assert not ordered.ends

    shuffled = play(shuffle_seed=311, shuffle_seconds=12 * DAY_SECONDS, duplicate_every=10)

    check_counts(shuffled, rows)
    check_cases(shuffled, rows)
    truth.cells(shuffled, ordered).check()
    shuffled.check_accounts()
    assert shuffled.counts()["applied"] == 2 * OPENED
    assert shuffled.counts()["duplicate"] == 2 * OPENED // 10
