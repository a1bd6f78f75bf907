"""Which records lie where their key does not put them: service and oracle decide alike, a wrong service is found."""

from types import SimpleNamespace

import pytest

from streams import topics
from streams.agents.placement import Placement
from streams.oracle.placing import is_foreign
from tests.oracle.mutations import PLACES, mutated

KEYS = [None, b"", b"a", "台区-7".encode(), b"\xff\xfe", *(b"OUT-%d" % number for number in range(200))]


def differences():
    """Records that one counts and the other does not, of each key in each partition."""
    found = []
    for partitions in (1, 2, 3, 8, 12):
        for partition in range(partitions):
            records = [SimpleNamespace(key=key, offset=offset, headers=()) for offset, key in enumerate(KEYS)]
            here, _ = Placement(partition, partitions).split(records)
            counted = {record.offset for record in here}
            found += [
                (key, partition, partitions)
                for offset, key in enumerate(KEYS)
                if (offset not in counted) != is_foreign(topics.OUTAGES, key, partition, partitions)
            ]
    return found


def test_both_decide_alike_and_every_key_has_one_place():
    assert differences() == []
    homes = [sum(not is_foreign(topics.OUTAGES, key, each, 8) for each in range(8)) for key in KEYS[1:]]
    assert set(homes) == {1}


@pytest.mark.parametrize("mutation", PLACES, ids=str)
def test_a_mutation_is_found(mutation):
    with mutated(mutation):
        assert differences()
