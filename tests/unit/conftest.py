"""The web server over a board that is fed by hand: no broker, real HTTP; and the tests that `make quick` leaves out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from streams.settings import Settings
from streams.web.server import create_web
from streams.web.state import Board
from tests.support.web_board import new_board


@pytest.fixture
def board() -> Board:
    return new_board()


@pytest.fixture
async def client(board: Board) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(create_web(Settings(), board))) as client:
        yield client


# By file and test: what takes more than a second of a processor, and why. `make test` runs it, `make quick` does not.
SLOW = {
    "test_anew.py": {
        "test_nothing_is_told_until_all_is_read_again_and_a_crash_in_between_changes_nothing": "a crash at every step",
    },
    "test_crews.py": {
        "test_twenty_thousand_crews_have_a_thousand_cells_and_one": "20,000 crews",
    },
    "test_findings_restart.py": {
        "test_a_restart_publishes_the_same_as_a_live_change": "eight simulated hours, twice",
    },
    "test_flat_memory.py": {
        "test_the_same_again_and_again_takes_no_more": "long lives, measured object by object",
    },
    "test_ledger_memory.py": {
        "test_breakpoints_that_move_are_forgotten": "thousands of corrections of one case",
        "test_waiting_cases_are_still_due_after_outdated_entries_were_dropped": "as above",
    },
    "test_load_lines.py": {
        "test_a_gzip_of_hundreds_of_megabytes_takes_no_more_memory": "hundreds of megabytes",
        "test_a_line_of_hundreds_of_megabytes_takes_no_more_memory": "hundreds of megabytes",
    },
    "test_load_times.py": {
        "test_the_zone_of_the_machine_plays_no_part": "a process for each zone",
    },
    "test_mappings.py": {
        "test_as_listed_gives_every_snapshot_and_the_minutes_listed": "thousands of real outages",
        "test_as_reported_gives_the_minutes_from_start_to_vanish": "thousands of real outages",
        "test_every_mapped_event_is_valid_and_has_its_own_id_and_revision": "thousands of real outages",
    },
    "test_measures.py": {
        "test_contributed_measures_are_registered": "simulated events of every family",
    },
    "test_point_clock_scenarios.py": {
        "test_far_out_is_known_of_a_day_that_was_sealed": "five days of values",
        "test_what_began_before_midnight_and_before_the_days_that_were_sealed_goes_on": "days of values",
        "test_what_is_long_over_stands_when_all_is_told_anew_after_a_restart": "days of values",
    },
    "test_publication.py": {
        "test_what_changed_while_nobody_owned_it_is_published": "two installations, step by step",
    },
    "test_releases.py": {
        "test_a_ledger_that_a_newer_release_published_from_is_refused_with_one_sentence": "eight simulated hours",
    },
    "test_render.py": {
        "test_it_runs_as_a_script_from_anywhere": "a process of its own",
    },
    "test_simulator.py": {
        "test_every_kind_of_event_happens": "simulated days",
        "test_the_service_says_what_was_true": "simulated days through the service",
        "test_the_voltage_of_three_days_is_plausible": "three simulated days",
        "test_the_wallboard_has_something_plausible_to_say": "simulated days through the service",
    },
    "test_wallboard_lists.py": {
        "test_behind_every_tile_is_a_list_that_adds_up_to_it": "a simulated world behind every tile",
        "test_behind_tiles_of_complaints_that_wait_are_lists_that_add_up_to_them": "as above",
        "test_the_lists_add_up_also_after_a_restart_with_other_rules": "as above, twice",
    },
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        reason = SLOW.get(item.path.name, {}).get(getattr(item, "originalname", item.name))
        if reason is not None:
            item.add_marker(pytest.mark.slow(reason))
