"""A case that the program breaks on stops nothing on a real broker, and a version that does not break takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams import topics
from streams.settings import Settings
from tests.support.service import ERRORS, Service, statuses
from tests.support.workers import CASES

pytestmark = pytest.mark.proof

COMMAND = ("tests.integration.breaking",)
NAMES = ("O1", "O2", "O3 breaks", "O4", "O5", "O6 breaks", "O7", "O8")


def defects(service: Service) -> int:
    return sum(status["defects"] for status in statuses(service))


def test_a_case_that_breaks_the_program_is_put_aside_and_comes_back(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    service = Service(make_settings(), tmp_path, COMMAND)
    try:
        for name in NAMES:
            service.say("started", name, 60, kind="fault", areas=[{"area": "A", "customers": 10}])
        service.evaluate()

        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 6
        letters = {key: letter for key, letter in service.letters().items() if key.startswith("defect/")}
        assert letters.keys() == {"defect/outage/O3 breaks", "defect/outage/O6 breaks"}
        for letter in letters.values():
            headers = dict(letter.headers)
            assert headers[ERRORS + "exception.class.name"] == b"defect"
            assert b"OverflowError: date value out of range" in headers[ERRORS + "exception.message"]
        assert defects(service) == 2
        assert len(service.rows(topics.CASES)) == 6

        assert service.worker.leave() == 0
        service.worker.restart()
        service.evaluate()
        assert defects(service) == 2
        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 6

        assert service.worker.leave() == 0
        service.worker.command = CASES
        service.worker.restart()
        service.evaluate()
        assert defects(service) == 0
        assert service.kpis()["outages_open|all|kind=fault|now"][0] == 8
        assert not [key for key in service.letters() if key.startswith("defect/")]
        assert len(service.rows(topics.CASES)) == 8
    finally:
        service.worker.close()
        service.producer.close()
