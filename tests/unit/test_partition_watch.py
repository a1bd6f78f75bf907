"""Another number of partitions than workers were started with."""

import pytest

from streams.agents.partition_watch import check
from streams.errors import TopicsWrong


def test_the_right_number_and_a_topic_that_is_not_known_pass():
    check({"a": 4, "b": 4, "c": 0}, 4)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_another_number_is_a_sentence_with_topic_and_both_numbers(count):
    with pytest.raises(TopicsWrong, match=f"^b has {count} partitions now, and this worker was started with 4: "):
        check({"a": 4, "b": count}, 4)
