"""New York's complaints as records: slipped columns, a closing before its opening, and no closing at all."""

from pathlib import Path

import orjson
import pytest

from schemas.codec import decode, encode
from streams.errors import InputUnreadable
from streams.replay.nyc_311 import Nyc311

HEAD = "unique_key,created_date,closed_date,complaint_type,borough\n"
ROWS = """1,07/01/2020 12:00:00 AM,07/02/2020 01:30:00 PM,Noise,12 QUEENS
2,07/03/2020 09:00:00 AM,07/02/2020 09:00:00 AM,Noise,4155700050
3,07/03/2020 10:00:00 AM,,Noise,STATEN ISLAND
"""


def said(tmp_path: Path, rows: str):
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + rows)
    return Nyc311().records([file])


def test_each_is_said_when_it_happened_also_a_closing_before_its_opening(tmp_path: Path):
    records = said(tmp_path, ROWS)
    told = [(record.key, record.value["event_type"], record.value["occurred_at"]) for record in records]
    assert told == [
        ("1", "accepted", "2020-07-01T04:00:00Z"),
        ("2", "closed", "2020-07-02T13:00:00Z"),
        ("1", "closed", "2020-07-02T17:30:00Z"),
        ("2", "accepted", "2020-07-03T13:00:00Z"),
        ("3", "accepted", "2020-07-03T14:00:00Z"),
    ]
    areas = {record.key: record.value["area"] for record in records if "area" in record.value}
    assert areas == {"1": "QUEENS", "2": None, "3": "STATEN ISLAND"}
    assert Nyc311().marks(records) == [1_593_662_400 + 86_400 * day for day in range(3)]


def test_what_it_says_keeps_the_contract(tmp_path: Path):
    for record in said(tmp_path, ROWS):
        event = decode("complaints", orjson.dumps(record.value)).event
        assert encode(event)
        assert event.occurred_at == record.at


def test_a_row_that_is_none_is_named(tmp_path: Path):
    with pytest.raises(InputUnreadable, match=r"rows.csv, line 2 is no service request"):
        said(tmp_path, "1,2020-07-01,,Noise,BRONX\n")
    with pytest.raises(InputUnreadable, match=r"rows.csv, line 3 is no service request"):
        said(tmp_path, "1,07/01/2020 12:00:00 AM,,Noise,BRONX\n2,07/01/2020 12:00:00 AM\n")
    assert Nyc311().marks([]) == []
