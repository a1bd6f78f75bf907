import traceback

import pytest
from pydantic import SecretStr, ValidationError

from streams.errors import SettingsInvalid
from streams.settings import SECRETS, Settings
from streams.wiring.rules import rules_of


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


JSON_SETTINGS = ("VOLTAGE_LIMITS",)
NO_JSON = ("x", "", " ", "{", '{"22000": [19800, 23540]', "{'22000': [1, 2]}", '{"22000": [NaN, 1]}', "[" * 100_000,
           '{"22000": [1, 2], "22000": [3, 4]}')  # fmt: skip
WRONG_SHAPES = ("[]", "null",
                "5", '"x"', "true", '{"22000": 5}', '{"22000": []}', '{"22000": [1, 2, 3]}', '{"a": [1, 2]}',
                '{"22000": [1e999, 2]}', '{"22000": [198.5, 2]}', '{"22000": {"low": 1}}', '{"22000": [5, 1]}',
                '{"-1": [1, 2]}', '{"22000": ["a", "b"]}', '{"22000": null}')  # fmt: skip
NONSENSE = ("", " ", "x", "-1", "1.5", "1e400", "9" * 400, "0x10", "NaN", "null", "{}", "[]", "true;",
            "\u6d4b\u8bd5", "a b", "http://", "a:b:c", "../..", "before_commit:0:kill", ":" * 50)  # fmt: skip


@pytest.mark.parametrize("name", JSON_SETTINGS)
@pytest.mark.parametrize("text", NO_JSON + WRONG_SHAPES)
def test_json_that_is_none_or_has_another_shape_is_one_sentence_with_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
):
    monkeypatch.setenv(f"GRIDPULSE_{name}", text)

    with pytest.raises(SettingsInvalid) as raised:
        Settings.load()

    sentence = str(raised.value)
    assert sentence.startswith(f"Bad setting GRIDPULSE_{name}=")
    assert ("is no JSON (" in sentence) == (text in NO_JSON)
    assert sentence.endswith(', for example {"22000": [19800, 23540]}.')
    assert "\n" not in sentence
    assert len(sentence) < 600


def test_every_setting_that_is_json_is_among_these():
    properties = Settings.model_json_schema()["properties"]

    assert {name.upper() for name, field in properties.items() if field["type"] in {"object", "array"}} == {
        *JSON_SETTINGS
    }


@pytest.mark.parametrize("name", Settings.model_fields)
@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_any_setting_is_a_sentence_or_a_value(monkeypatch: pytest.MonkeyPatch, name: str, text: str):
    variable = f"GRIDPULSE_{name.upper()}"
    monkeypatch.setenv(variable, text)

    said = ""
    try:
        settings = Settings.load()
    except SettingsInvalid as error:
        said = str(error)
    if said:
        assert said.startswith(f"Bad setting {variable}=")
        assert "\n" not in said
        return
    for each, value in settings.environment().items():
        monkeypatch.setenv(each, value)
    assert Settings.load() == settings


def test_a_number_has_bounds_on_both_sides():
    for name, field in Settings.model_json_schema()["properties"].items():
        assert field["type"] != "integer" or {"minimum", "maximum"} <= set(field), name


def test_a_password_in_an_address_is_in_no_message(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDPULSE_ALERTMANAGER", "http://user:hunter2@alerts:9093, http://b")

    with pytest.raises(SettingsInvalid, match="GRIDPULSE_ALERTMANAGER") as raised:
        Settings.load()

    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


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
