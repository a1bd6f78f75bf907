import pytest

from tests.oracle.lines import Lines


@pytest.fixture
def lines(tmp_path):
    return Lines(tmp_path)
