"""A row of the ledger that somebody overwrote is written again, and never over what has become of the case since."""

from streams import topics
from streams.lane.recovery import Table
from streams.readers.rows import CHECKS
from tests.support.read_again import lived, read, records, stored, taken_over
from tests.support.simulated_partition import MAPPED, NAMES, Installation


def test_a_case_that_goes_on_in_the_first_unit_keeps_what_it_was_told_there():
    everything = [*records()]
    half = len(everything) // 2
    undisturbed = lived()[0]
    installation = Installation(MAPPED)
    read(installation, everything[:half])
    table = Table(CHECKS[topics.LEDGER])
    for key, value in stored(installation).items():
        table.take(key, value)
        table.take(key, b"hello")
    installation.tables[NAMES.ledger] = table
    installation.begin(MAPPED, taken_over(installation.position))
    for topic, record in everything[half:]:
        installation.partition.apply(topic, [record])
    installation.commit()
    cases = {key: value for key, value in stored(undisturbed).items() if not key.startswith(b"announced/")}
    assert len(table.set_aside) > 10
    assert {key: installation.tables[NAMES.ledger].get(key) for key in cases} == cases
