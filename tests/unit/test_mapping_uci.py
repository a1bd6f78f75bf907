"""Rows a minute as frames: nothing lost, 0.01 V to the digit, gaps are not filled."""

from pathlib import Path

import orjson
import pytest

from schemas import codec
from schemas.event import parse_instant
from streams.errors import InputUnreadable
from streams.replay.uci_voltage import UciVoltage

HEAD = "timestamp_local,meter_id,voltage\n"


def said(tmp_path: Path, text: str):
    file = tmp_path / "voltage.csv"
    file.write_text(HEAD + text)
    return UciVoltage().records([file])


def test_a_frame_ends_with_the_hour_and_where_a_row_is_missing(tmp_path):
    rows = [("17:58", "234.84"), ("17:59", ""), ("18:00", "228.91"), ("18:02", "1.1")]
    frames = said(tmp_path, "".join(f"2006-12-16T{at},M,{value}\n" for at, value in rows))

    assert [(frame.at, frame.value["start"], frame.value["values_centivolts"]) for frame in frames] == [
        (parse_instant("2006-12-16T17:00:00Z"), "2006-12-16T16:58:00Z", [23484, None]),
        (parse_instant("2006-12-16T17:01:00Z"), "2006-12-16T17:00:00Z", [22891]),
        (parse_instant("2006-12-16T17:03:00Z"), "2006-12-16T17:02:00Z", [110]),
    ]
    assert UciVoltage().marks(frames) == [frame.at for frame in frames]
    for frame in frames:
        assert codec.case_id(codec.decode("voltage", orjson.dumps(frame.value)).event) == frame.key


@pytest.mark.parametrize("row", ["2006-12-16T25:00,M,1", "2006-12-16T17:00,M,x", "2006-12-16T17:00"])
def test_a_row_that_is_none_is_named(tmp_path, row):
    with pytest.raises(InputUnreadable, match="line 2"):
        said(tmp_path, row + "\n")


def test_all_rows_of_the_recording_are_there(shared: Path):
    frames = UciVoltage().records([shared / "data" / "uci_household_voltage" / "voltage.csv.gz"])
    values = [value for frame in frames for value in frame.value["values_centivolts"]]

    assert (len(values), values.count(None)) == (15_922, 2)
    assert sum(21_620 <= value <= 24_380 for value in values if value is not None) == 11_169
