"""A few seeds of `python -m tests.fuzz`; `make fuzz` goes on for an hour."""

import pytest

from tests.fuzz import run


@pytest.mark.parametrize("seed", range(6))
def test_no_record_ends_a_partition_or_breaks_a_case(seed):
    run(seed)
