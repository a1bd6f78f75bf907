"""A few seeds of `python -m tests.fuzz`; `make fuzz` goes on for an hour."""

import pytest

from tests.fuzz import rows_read, run


@pytest.mark.parametrize("seed", range(6))
def test_no_record_ends_a_partition_or_breaks_a_case(seed):
    run(seed)


@pytest.mark.parametrize("seed", range(6))
def test_no_row_of_our_own_topics_breaks_a_reader(seed):
    rows_read(seed)
