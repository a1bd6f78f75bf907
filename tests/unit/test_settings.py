import traceback

import pytest
from pydantic import SecretStr, ValidationError

from streams.agents.rules import rules_of
from streams.errors import SettingsInvalid
from streams.settings import SECRETS, Settings


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


KEY = "0123456789abcdef-secret"


def test_a_secret_is_in_no_text_and_reaches_a_child(monkeypatch: pytest.MonkeyPatch):
    settings = Settings.load(pseudonym_key=KEY)

    assert KEY not in f"{settings!r} {settings} {settings.model_dump()} {rules_of(settings)!r}"
    assert settings.environment()["GRIDPULSE_PSEUDONYM_KEY"] == KEY
    assert rules_of(settings).pseudonym_key == KEY
    monkeypatch.setenv("GRIDPULSE_PSEUDONYM_KEY", KEY)
    assert Settings.load() == settings


def test_a_secret_that_is_wrong_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDPULSE_PSEUDONYM_KEY", KEY[:15])

    with pytest.raises(SettingsInvalid, match=r"GRIDPULSE_PSEUDONYM_KEY=\(secret\): .*16 characters") as raised:
        Settings.load()
    shown = "".join(traceback.format_exception(raised.value))
    assert KEY[:15] not in shown


def test_every_secret_is_known_as_one():
    assert {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr} == SECRETS


def test_voltage_limits_are_json_and_reach_a_child_and_the_rules(monkeypatch: pytest.MonkeyPatch):
    settings = Settings.load(voltage_limits={23000: (21620, 24380), 10000: (1, 2)})
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    read = Settings.load()

    assert read == settings
    assert list(read.voltage_limits.items()) == [(10000, (1, 2)), (23000, (21620, 24380))]
    assert (rules_of(read).voltage_limits, rules_of(read).voltage_interval_seconds) == (read.voltage_limits, 900)
    with pytest.raises(SettingsInvalid, match="low <= high"):
        Settings.load(voltage_limits={23000: (24380, 21620)})
