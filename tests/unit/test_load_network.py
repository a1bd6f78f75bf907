"""A network file is checked as a whole, and compared with what is loaded field by field."""

import gzip
import io
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from streams.errors import InputUnreadable
from streams.load import network_file
from streams.load.network_diff import dangling, difference

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "network.csv"
HEAD = "record_type,region,name,area,area_type,demonstration,served_from,customers,point,nominal_centivolts,phases"
AREA = {"record_type": "area", "area": "a", "region": "n", "area_type": None, "served": []}


@pytest.fixture
def read(tmp_path):
    def done(content, name="network.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return {key: entry.record for key, entry in network_file.read(file).items()}

    return done


@pytest.mark.parametrize("wrapped", [bytes, gzip.compress, lambda text: b"\xef\xbb\xbf" + text])
def test_json_may_be_packed_and_have_a_byte_order_mark(read, wrapped):
    assert read(wrapped(orjson.dumps([AREA])), "network.json") == {"area/a": AREA}


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b'[{"record_type": "region", "region": "n", "region": "m"}]', "n.json", "The key 'region' occurs twice"),
        (b'[{"record_type": "region", "region": "n", "x": NaN}]', "n.json", "The line has NaN"),
        (
            b'[{"record_type": "region", "region": " n", "name": "N"}]',
            "n.json",
            "region ' n' begins or ends with a blank",
        ),
        (gzip.compress(b"[]", mtime=0)[:-9], "n.json", "is damaged or cut off"),
        # What JSON can say and no record can hold.
        (
            b'[{"record_type": "region", "region": "n", "x": ' + b"9" * 30 + b"}]",
            "n.json",
            "Record 0 is nothing that a",
        ),
        (b'[{"record_type": "region", "region": "\\ud800"}]', "n.json", "Record 0 is nothing that a record can hold"),
        (b'[{"x": ' + b"[" * 300 + b"]" * 300 + b"}]", "n.json", "Record 0 is nothing that a record can hold"),
        ("record_type,area,served_from,customers\narea,a,2026-01-01," + "9" * 20, "n.csv", "not a whole number of at"),
        (
            "record_type,area,served_from,customers\narea,a,2026-01-01," + "9" * 5000,
            "n.csv",
            "not a whole number of at",
        ),
        (b"PK\x03\x04 xl/workbook", "n.json", "is an Excel workbook (.xlsx)"),
        ("record_type,region\n".encode("utf-16"), "n.csv", "is text in utf-16, and is read as utf-8"),
        (b"record_type,region,region\nregion,n,m\n", "n.csv", "There is more than one column region."),
        (b"record_type,region,\nregion,n,m\n", "n.csv", "Line 2: m is in a column that has no name."),
        (b'record_type,region,name\nregion,n,"N\nregion,m,M\nregion,o,"\n', "n.csv", "Line 2 opens a quote in column"),
    ],
)
def test_a_network_that_would_be_read_wrong_is_refused(read, content, name, sentence):
    with pytest.raises(InputUnreadable) as error:
        read(content, name)

    assert sentence in str(error.value)


@pytest.fixture
def refused(read):
    def done(*lines, head=HEAD):
        with pytest.raises(InputUnreadable) as wrong:
            read("\n".join([head, *lines]))
        first, *sentences = str(wrong.value).splitlines()
        assert first.startswith("Nothing of ")
        return sentences

    return done


def test_a_field_that_a_network_does_not_have_is_refused_wherever_it_stands(read):
    """A column of a table is; what nobody reads would stay in the topic, a telephone number among it."""
    served = [{"from": "2020-01-01", "customers": 5, "phone": "138"}]
    with pytest.raises(InputUnreadable) as refused:
        read(orjson.dumps([{**AREA, "contact": "Wang"}, {**AREA, "area": "b", "served": served}]), "network.json")
    assert "Record 0: record_type area has no contact." in str(refused.value)
    assert "Record 1: record_type area has no served.0.phone." in str(refused.value)


def test_the_example_has_every_kind_of_record():
    records = {key: entry.record for key, entry in network_file.read(EXAMPLE).items()}

    assert {record["record_type"] for record in records.values()} == set(network_file.FIELDS)
    assert records["area/TA-0412"]["served"] == [
        {"from": "2026-01-01", "customers": 86, "mv_users": 2},
        {"from": "2026-06-01", "customers": 88},
    ]
    assert records["area/TA-0999"] == {
        "record_type": "area",
        "area": "TA-0999",
        "region": "north",
        "area_type": None,
        "served": [],
    }
    assert records["point/TA-0412/VP-0412-A"]["phases"] == ["A", "B", "C"]
    placed = [(entry.place, entry.record) for entry in network_file.read(EXAMPLE).values()]
    assert dangling(placed, set(records)) == []


def test_json_says_the_same_as_a_table(read):
    table = read(f"{HEAD}\nregion,n,North,,,,,,,,\narea,n,,a,urban,TRUE,2026-01-01,86,,,\n")

    assert read(orjson.dumps(list(table.values())).decode(), "network.json") == table
    assert read(orjson.dumps({"records": list(table.values())}).decode(), "network.json") == table
    assert table["area/a"]["demonstration"] is True


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("planet,n,,,,,,,,,", "Line 2: record_type is planet, not one of region, station, feeder, area, point."),
        (",n,,,,,,,,,", "Line 2: record_type is empty, not one of"),
        ("area,n,,,,,,,,,", "Line 2: area is empty: it is the id of the record."),
        ("region,n,North,,,,,86,,,", "Line 2: record_type region has no customers."),
        ("area,n,,a,,,,86,,,", "Line 2: customers hold from a day on: served_from is empty."),
        ("area,n,,a,,,2026-01-01,8.5,,,", "Line 2: customers is 8.5, not a whole number of at most 18 digits."),
        ("area,n,,a,,maybe,,,,,", "Line 2: demonstration is maybe, neither true nor false."),
        ("area,n,,a,,,2026-01-32,8,,,", "Line 2 is wrong: area.served.0.from: Not a date"),
        ("area,n,,a,,,2026-01-01,,,,", "Line 2 is wrong: area.served.0.customers: Field required."),
        ("point,,,a,,,,,p,22000,AD", "Line 2 is wrong: point.monitoring_class: Field required."),
        ("region,n,North", "Line 2 has 3 cells, the header 11."),
    ],
)
def test_a_mistake_is_a_sentence_with_its_line(refused, line, sentence):
    (said,) = refused(line)

    assert said.startswith(sentence)


def test_all_mistakes_are_told_at_once(refused):
    told = refused("planet,,,,,,,,,,", "region,n,North,,,,,,,,", "area,n,,a,,,2026-01-32,8,,,", "area,n,,b,,no!,,,,,")

    assert [sentence.split()[1].rstrip(":") for sentence in told] == ["2", "5", "4"]


def test_columns_that_a_network_does_not_have_are_told(refused):
    assert refused("region,n", head="kkk,region") == [
        "The column record_type is missing.",
        "There is no column 'kkk' in a network.",
    ]
    assert refused(head="record_type,nominal_volts") == [
        "There is no column 'nominal_volts' in a network (did you mean nominal_centivolts?)."
    ]


def test_rows_of_an_area_agree_and_other_things_stand_once(refused, read):
    first = "area,n,,a,urban,,2026-01-01,86,,,"

    assert len(read(f"{HEAD}\n{first}\narea,,,a,,,2026-06-01,88,,,\n")["area/a"]["served"]) == 2
    assert refused(first, "area,s,,a,,,2026-06-01,88,,,") == [
        "Line 3: region of area/a is s, in an earlier line n.",
    ]
    assert "from the same day" in refused(first, "area,,,a,,,2026-01-01,88,,,")[0]
    assert refused("region,n,North,,,,,,,,", "region,n,Nord,,,,,,,,") == [
        "Line 3 describes region/n again, after line 2."
    ]


def test_a_json_record_may_be_repeated_but_not_contradicted(read):
    assert list(read(orjson.dumps([AREA, AREA]).decode(), "network.json")) == ["area/a"]
    with pytest.raises(InputUnreadable, match="Record 1 describes area/a otherwise than Record 0 does"):
        read(orjson.dumps([AREA, AREA | {"region": "s"}]).decode(), "network.json")


def test_references_lead_to_what_is_or_will_be_there():
    records = [
        ("Line 2", {"record_type": "station", "station": "S", "region": "n"}),
        ("Line 3", {"record_type": "feeder", "feeder": "F", "station": "S"}),
        ("Line 4", AREA | {"feeder": "G"}),
        ("Line 5", {"record_type": "point", "point": "p", "area": "b"}),
    ]

    assert dangling(records, {"region/n", "station/S", "feeder/F"}) == [
        "Line 4: area a names feeder G, which does not exist.",
        "Line 5: point p names area b, which does not exist.",
    ]
    assert dangling([("Line 4", AREA | {"feeder": None})], {"region/n"}) == []


def test_the_difference_is_told_by_field():
    loaded = {"area/a": AREA | {"served": [{"from": "2026-01-01", "customers": 86}]}, "region/x": {}, "area/b": AREA}
    served = [{"from": "2026-06-01", "customers": 90}, {"from": "2026-01-01", "customers": 88}]
    wanted = {"area/a": AREA | {"area_type": "rural", "served": served}, "area/b": AREA, "area/c": AREA}

    diff = difference(loaded, wanted)

    assert diff.changed == {
        "area/a": [
            ("area_type", "null", '"rural"'),
            ("served from 2026-01-01, customers", "86", "88"),
            ("served from 2026-06-01, customers", "nothing", "90"),
        ]
    }
    assert (list(diff.added), diff.removed, diff.unchanged) == (["area/c"], ["region/x"], 1)
    assert diff.sums(replace=True) == "1 added, 1 changed, 1 unchanged, 1 removed."
    assert "1 loaded records are not in the file and stay; --replace would remove them." in diff.sums(replace=False)


def test_the_order_of_customers_served_is_no_difference():
    served = [{"from": "2026-06-01", "customers": 90}, {"from": "2026-01-01", "customers": 88}]

    diff = difference({"area/a": AREA | {"served": served}}, {"area/a": AREA | {"served": served[::-1]}})

    assert (diff.changed, diff.unchanged) == ({}, 1)


@pytest.mark.parametrize(("replace", "lines"), [(True, 3), (False, 2)])
def test_what_stays_is_not_shown_as_removed(replace, lines):
    out = io.StringIO()
    diff = difference({"area/a": AREA, "region/x": {}}, {"area/a": AREA | {"region": "s"}, "area/c": AREA})

    diff.show(Console(file=out, soft_wrap=True), replace=replace)

    assert out.getvalue().splitlines()[:2] == [
        '+ area/c  {"area": "a", "region": "n", "area_type": null, "served": []}'.replace('"area": "a", ', ""),
        '~ area/a  region: "n" -> "s"',
    ]
    assert len(out.getvalue().splitlines()) == lines
