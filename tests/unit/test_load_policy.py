"""`gridpulse policy`: what is wrong with a file is said before anything is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli import main
from streams.errors import InputUnreadable
from streams.load import policy as promises

SHIPPED = Path(promises.__file__).parents[1] / "sla"
DEFAULT = SHIPPED / "policies" / "default.toml"


@pytest.mark.parametrize("file", [DEFAULT, *sorted((SHIPPED / "calendars").glob("*.toml"))], ids=lambda file: file.stem)
def test_what_is_shipped_is_right(file: Path):
    result = CliRunner().invoke(main, ["policy", "check", str(file)])

    assert (result.exit_code, result.output.strip().endswith("is valid.")) == (0, True)


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('severity = "warning"', 'severety = "warning"', "severity: Field required"),
        ("warn_percent = [60]", "warn_percent = [60, 100]", "A warning comes before 100 %"),
        ("warn_percent = [70, 90]", "warn_percent = [90, 70]", "Levels ascend"),
        ('stop = ["arrived"]', 'stop = ["restored"]', "No order has the fact restored"),
        ('valid_from = "1970-01-01"', 'valid_form = "1970-01-01"', "valid_from: Field required"),
        ('valid_from = "1970-01-01"', 'valid_from = "1970-01-01"\nlunch = "12:00"', "mean nothing: lunch"),
        ('policy = "default"', 'policy = "default', "is no TOML"),
        ('clock = "L2"', 'clock = "L1"', "A clock is described twice"),
        ("limit = 5, work_type", "limit = 0, work_type", "a limit is at least 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, right: str, wrong: str, why: str):
    text = DEFAULT.read_text("utf-8")
    assert right in text
    (file := tmp_path / "policy.toml").write_text(text.replace(right, wrong, 1), "utf-8")

    with pytest.raises(InputUnreadable, match=f"(?s)policy.toml.*{why}"):
        promises.read(file)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("valid_from = 2027-01-01", "valid_to: Field required"),
        ("valid_from = 2027-12-31\nvalid_to = 2027-01-01", "ends before it begins"),
        ("valid_from = 2027-01-01\nvalid_to = 2027-12-31\nholidays = []", "mean nothing: holidays"),
        ("valid_from = 2027-01-01\nvalid_to = 2027-12-31\noff = [2027-05-01]", "off.0"),
    ],
)
def test_a_wrong_calendar_is_named_with_what_is_wrong(tmp_path: Path, text: str, why: str):
    (file := tmp_path / "cn-2027.toml").write_text(text)

    with pytest.raises(InputUnreadable, match=f"(?s)cn-2027.toml.*{why}"):
        promises.read(file)


def test_a_calendar_is_called_after_its_file(tmp_path: Path):
    (file := tmp_path / "cn-2027.toml").write_text("valid_from = 2027-01-01\nvalid_to = 2027-12-31")

    assert promises.read(file).record_key == "calendar/cn-2027"
