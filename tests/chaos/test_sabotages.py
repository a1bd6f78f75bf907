"""The sabotages of the lane, on the real workers of both roles over all four families: each is found in each role.

What finds it is not always a KPI. Rows outside the transaction are in no position, and whoever takes over refuses to
go on. Facts are idempotent: after reading again, and after a writer that went on from where it had been before others
wrote, every cell of the last mark may be right, and after the latter applied + duplicate + stale + ... still make up
the offsets. What neither can have is the counts of an undisturbed pass at every position, with positions that never
go back.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.kpis import KPIS
from streams.oracle.verify import Question, run
from streams.settings import Settings
from streams.wiring.names import PARTIALS
from tests.support.accounts import wrong_accounts
from tests.support.counting_workers import SESSION_SECONDS
from tests.support.families import FENCED, LEFT, Families

pytestmark = pytest.mark.timeout(200)
ROLE_OF = {kpi.name: kpi.role for kpi in KPIS}


@pytest.fixture
def sabotaged(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Callable[..., Families]]:
    made: list[Families] = []

    def new(sabotage: str, **changes: object) -> Families:
        settings = make_settings(clock="marks", session_timeout_seconds=SESSION_SECONDS)
        made.append(Families(settings, tmp_path, ("tests.chaos.sabotaged", sabotage), **changes))
        made[-1].write(1)
        made[-1].follow()
        return made[-1]

    yield new
    for families in made:
        families.close()


def found_by_the_accounts(families: Families, what: str = "counts") -> None:
    for role in PARTIALS:
        assert any(f" {what} " in sentence for sentence in wrong_accounts(families.settings, role)), role


def owned_by_the_seconds_in_between(families: Families) -> None:
    """The firsts give half of their partitions away, and get them back after the seconds have written to them."""
    families.join()
    families.write(2)
    families.catch_up()
    for second in families.seconds.values():
        assert second.leave() == LEFT
    families.write(1)


def test_rows_outside_the_transaction(sabotaged: Callable[..., Families]) -> None:
    """The rows of a unit that was never committed are in no position: nobody goes on from them."""
    families = sabotaged("changelog_outside_the_transaction")
    families.kill_firsts("before_commit")
    for first in families.firsts.values():
        assert first.wait() == FENCED
        assert "gridpulse rebuild" in first.text


def test_reading_again(sabotaged: Callable[..., Families]) -> None:
    families = sabotaged("duplicates_applied")
    families.kill_firsts("after_commit")
    families.catch_up()
    found_by_the_accounts(families)


def test_a_batch_is_lost_and_nobody_asks_for_it(sabotaged: Callable[..., Families]) -> None:
    families = sabotaged("one_batch_lost", contiguous_inputs=False)
    families.write(1)  # of this a batch is lost at the latest, perhaps with its mark
    families.follow()
    families.write(1)
    families.catch_up()
    found_by_the_accounts(families)


def test_a_writer_goes_on_from_an_earlier_tenure(sabotaged: Callable[..., Families]) -> None:
    families = sabotaged("unfenced_on_revoke")
    owned_by_the_seconds_in_between(families)
    families.catch_up()
    found_by_the_accounts(families, "goes back,")


def test_the_state_of_an_earlier_tenure(sabotaged: Callable[..., Families]) -> None:
    families = sabotaged("state_kept_on_revoke")
    owned_by_the_seconds_in_between(families)
    families.catch_up()
    first = run(families.settings, Question(at=[families.end])).comparisons[0]
    roles = {ROLE_OF[difference.key.partition("|")[0]] for difference in first.differences}
    assert roles == set(PARTIALS)


def test_a_writer_of_an_earlier_tenure_is_fenced(sabotaged: Callable[..., Families]) -> None:
    families = sabotaged("in_flight_kept_on_revoke")
    owned_by_the_seconds_in_between(families)
    for first in families.firsts.values():
        assert first.wait() == FENCED
