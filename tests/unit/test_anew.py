"""A ledger of an older version, made anew from the inputs: with a crash in between, and of another program's rows."""

import orjson

from streams.agents.anew import case_of
from streams.lane.position import Position, TopicPosition
from streams.readers.rows import WAITS
from tests.support.read_again import UNTIL, lived, read, stored, taken_over
from tests.support.simulated_partition import INPUTS, MAPPED, NAMES


def sums(installation):
    return {
        key: orjson.loads(value)["measures"]
        for key, value in installation.tables[NAMES.partials].items()
        if key != b"status"
    }


def older(installation, whole=True):
    """What a version before wrote, as it is taken over."""
    said = orjson.loads(installation.position.encode()[1:])
    del said["rows"], said["read_before"]
    position = Position(1, "wall", {name: TopicPosition() for name in INPUTS.values()})
    position.restore(b"\x01" + orjson.dumps(said))
    assert position.judge(dict.fromkeys(INPUTS.values(), 0 if whole else 1)) == (0 if whole else len(INPUTS))
    return position


def test_nothing_is_told_until_all_is_read_again_and_a_crash_in_between_changes_nothing():
    installation, everything = lived()
    rows, told, letters = stored(installation), sums(installation), installation.findings()
    half = len(everything) // 2
    installation.begin(MAPPED, older(installation))
    installation.commit()
    assert {value for key, value in stored(installation).items() if not key.startswith(b"announced/")} == {WAITS}
    read(installation, everything[:half])
    assert sums(installation) == told, "what the older version published stands"
    for _ in range(2):  # killed twice
        installation.begin(MAPPED, taken_over(installation.position))
        installation.commit()
        assert WAITS in stored(installation).values()
        assert sums(installation) == told
    read(installation, everything[half:])
    assert installation.position.read_before == {}
    assert stored(installation).keys() == rows.keys()
    assert WAITS not in stored(installation).values()
    assert sums(installation) == told
    assert installation.findings() == letters


def test_with_marks_what_is_read_in_the_unit_of_the_mark_is_kept():
    """The mark may come before anything of what was read again is committed."""
    installation, everything = lived()
    rows = stored(installation)
    ghost, copied = b"outage/ghost", next(key for key in rows if key.startswith(b"outage/"))
    installation.tables[NAMES.ledger][ghost] = rows[copied]
    position = older(installation)
    position.clock = "marks"
    installation.begin(MAPPED, position)
    half = len(everything) // 2
    read(installation, everything[:half])
    for topic, record in everything[half:]:
        installation.partition.apply(topic, [record])
        installation.position.topics[topic].next_offset = (installation.position.topics[topic].next_offset or 0) + 1
    installation.position.as_of = UNTIL + 1
    installation.partition.advance(UNTIL + 1, complete=True)
    installation.commit()
    assert stored(installation).keys() == rows.keys()
    assert installation.partition.ledger.cases.keys() == {
        key.decode() for key in rows if not key.startswith((b"announced/", b"crew/"))
    }
    assert WAITS not in stored(installation).values()


def test_cases_of_rules_that_are_no_more_are_withdrawn_where_the_inputs_are_whole():
    installation, everything = lived()
    told = sums(installation)
    ghost, copied = b"outage/ghost", next(key for key in stored(installation) if key.startswith(b"outage/"))
    installation.tables[NAMES.ledger] |= {
        ghost: stored(installation)[copied],
        b"announced/" + ghost: b'\x01{"L8b|1": {}}',
    }
    installation.tables[NAMES.breaches][b"L8b|outage/ghost|1"] = b"{}"
    installation.begin(MAPPED, older(installation))
    read(installation, everything)
    assert not [key for table in installation.tables.values() for key in table if b"ghost" in key and table[key]]
    assert sums(installation) == told


def test_where_records_are_gone_the_rows_stay_and_what_is_read_is_merged_onto_them():
    installation, everything = lived()
    rows, told = stored(installation), sums(installation)
    installation.begin(MAPPED, older(installation, whole=False))
    installation.commit()
    assert stored(installation) == rows
    read(installation, everything)
    assert (stored(installation), sums(installation)) == (rows, told)


def test_a_row_of_a_point_names_its_point():
    assert case_of(b"outage/a/b") == "outage/a/b"
    assert case_of(b"point/A%2F1/P 1/20605") == case_of(b"point/A%2F1/P 1/about") == "point/A%2F1/P 1"
