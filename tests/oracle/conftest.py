import pytest

from tests.oracle.both import Both
from tests.oracle.lines import Lines
from tests.oracle.meters import Meters


@pytest.fixture
def lines(tmp_path):
    return Lines(tmp_path)


@pytest.fixture
def both(tmp_path):
    return Both(tmp_path)


@pytest.fixture
def meters(lines):
    lines.area("A")
    return Meters(lines)
