"""The future is stale, rejections of late are on the page, a skew is what no instant between two explains."""

from types import SimpleNamespace

import orjson
import pytest

from streams.errors import ClockWrong
from streams.lane.broker_clock import BrokerClock
from streams.settings import Settings
from streams.web.state import Board
from streams.web.tiles import pipeline

NOW = 1_800_000_000


def board(wall: int = NOW) -> Board:
    return Board(1, zone="Asia/Shanghai", wall=lambda: wall)


def say(board: Board, as_of: int, **refused: int) -> None:
    row = {
        "next_offset": 9,
        "start": 0,
        "refused": refused,
        "applied": 1,
        "rejected": sum(refused.values()),
        "defect": 0,
    }
    status = {"as_of": as_of, "published": as_of, "processed": {"grid.outages.v1": row}}
    board.apply_partials(0, [SimpleNamespace(key=b"status", value=orjson.dumps(status))])


@pytest.mark.parametrize(("seconds", "stale"), [(0, False), (-10, False), (-11, True), (10, False), (11, True)])
def test_what_is_too_far_from_now_is_stale_be_it_past_or_future(seconds, stale):
    assert board().is_stale(NOW + seconds) is stale


def test_with_marks_nothing_is_stale_but_what_is_not_there():
    replay = Board(1, zone="Asia/Shanghai", marks=True, wall=lambda: NOW)
    assert not replay.is_stale(0)
    assert replay.is_stale(None)


def test_rejections_of_the_last_quarter_of_an_hour_are_on_the_page_and_alarm_when_they_are_many():
    shown = board()
    say(shown, NOW - 2000, invalid=100)
    say(shown, NOW - 900, invalid=104)
    assert shown.refused_lately() == 4
    say(shown, NOW - 600, invalid=107, from_the_future=6)
    say(shown, NOW, invalid=107, from_the_future=6)
    assert shown.refused_lately() == 9
    tile = pipeline.render(shown)
    part = next(part for part in tile["parts"] if part["label"] == "refused_lately")
    assert (part["value"], part["alarm"], tile["alarm"]) == (9, False, False)
    say(shown, NOW + 1, from_the_future=7, invalid=107)
    assert pipeline.render(shown)["alarm"]
    say(shown, NOW + 901, from_the_future=7, invalid=107)
    assert shown.refused_lately() == 0


def test_a_worker_that_has_refused_before_a_server_starts_is_no_growth():
    shown = board()
    say(shown, NOW, invalid=500)
    assert shown.refused_lately() == 0


@pytest.mark.parametrize(("skew_ms", "words"), [(30_001, "30 s ahead of"), (-31_000, "31 s behind")])
def test_beyond_the_bound_the_sentence_names_the_side_and_the_setting(skew_ms, words):
    clock = BrokerClock(Settings(clock_skew_max_seconds=30))
    clock.skew_ms = skew_ms
    with pytest.raises(ClockWrong, match=f"{words} the broker's.*GRIDPULSE_CLOCK_SKEW_MAX_SECONDS"):
        clock.check()
    clock.skew_ms = 30_000
    clock.check()


def test_before_the_first_probe_no_read_time_moves():
    assert BrokerClock(Settings()).now() == 0
