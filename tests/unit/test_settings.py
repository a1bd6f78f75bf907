import pytest
from pydantic import ValidationError

from streams.errors import SettingsInvalid
from streams.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.load().environment():
        if name.startswith("GRIDPULSE_"):
            monkeypatch.delenv(name, raising=False)


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDPULSE_PARTITIONS", "12")

    assert Settings.load().partitions == 12


def test_an_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDPULSE_PARTITION", "12")

    with pytest.raises(SettingsInvalid, match="Unknown setting GRIDPULSE_PARTITION;"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTITIONS", "0"),
        ("PARTITIONS", "many"),
        ("ZONE", "Mars/Olympus"),
        ("CLOCK", "sundial"),
        ("WEB_PORT", "70000"),
    ],
)
def test_a_bad_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(f"GRIDPULSE_{name}", value)

    with pytest.raises(SettingsInvalid, match=f"Bad setting GRIDPULSE_{name}='{value}'"):
        Settings.load()


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        Settings.load().partitions = 1


def test_a_child_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch):
    settings = Settings.load(partitions=7, contiguous_inputs=False, topic_prefix="a.")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    assert Settings.load() == settings


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())
