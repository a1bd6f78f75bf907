"""Every knob of gridpulse, frozen, from `GRIDPULSE_*`; the only reader of the environment."""

import json
from os import environ  # noqa: TID251 - the one place
from re import sub
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from streams.errors import SettingsInvalid

PREFIX = "GRIDPULSE_"

SECRETS = frozenset({"pseudonym_key"})  # never shown, in no message either
KEY_CHARACTERS_MIN = 16
BROKER = r"(\[[0-9A-Fa-f:.]+\]|[^\s,:/]+):[0-9]{1,5}"
ALERTMANAGER = r"https?://([^\s,/?#@]+@)?[^\s,/?#@]+(/[^\s,?#@]*)?"
FAULT = "[a-z_]+:[1-9][0-9]{0,8}:(kill|stop)"
SHOWN_MAX = 200  # characters of a wrong value in a message

Port = Annotated[int, Field(ge=0, le=65535)]
YEAR_SECONDS = 366 * 86_400  # more than any of the durations needs, and far from what arithmetic cannot hold
Seconds = Annotated[int, Field(ge=0, le=YEAR_SECONDS)]
Interval = Annotated[int, Field(ge=1, le=YEAR_SECONDS)]


class _Environment(EnvSettingsSource):
    """The environment; a setting that has to be JSON and is none is named in one sentence."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            found = json.loads(value, object_pairs_hook=_once, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            why = "nested too deep" if isinstance(error, RecursionError) else str(error)
            raise SettingsInvalid(
                f"Bad setting {_shown(field_name, value)} is no JSON ({why}){_example(field)}."
            ) from None
        if found is None:  # it would pass for a variable that is not there
            raise SettingsInvalid(f"Bad setting {_shown(field_name, value)}: it says nothing{_example(field)}.")
        return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: of two the last would hold in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same name twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


class Settings(BaseSettings):
    """One frozen value; the environment name of a field is `GRIDPULSE_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    broker: str = Field(
        "127.0.0.1:9092",
        pattern=f"^{BROKER}(,{BROKER})*$",
        description="Kafka's bootstrap servers, host:port[,host:port].",
    )
    topic_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="Before every topic name, group and transactional id."
    )
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of every topic but the network's.")
    partitioner: Literal["murmur2", "any"] = Field(
        "murmur2",
        description="How producers place keys: murmur2, as Kafka's own do (librdkafka: partitioner=murmur2_random), "
        "and a record elsewhere is rejected: misrouted. any: not checked; points that never reported do not count.",
    )
    clock: Literal["wall", "marks"] = Field("wall", description="Time from the wall clock, or from marks (replay).")
    zone: str = Field("Asia/Shanghai", description="IANA zone whose midnights bound the days.")
    commit_interval_ms: int = Field(100, ge=1, le=10_000, description="Least time between commit units of a partition.")
    session_timeout_seconds: int = Field(12, ge=1, le=300, description="A worker silent for longer loses its share.")
    instance: str = Field(
        "", max_length=100, description="Static member id, one worker of a role each: a second one refuses; or none."
    )
    broker_deadline_seconds: int = Field(20, ge=1, le=600, description="A broker silent for longer ends the process.")
    web_host: str = Field("127.0.0.1", min_length=1, description="Address the web server listens on.")
    web_port: Port = Field(8080, description="Port of the web server; 0 takes a free one.")
    worker_port: Port = Field(0, description="Port of a worker's own metrics; 0 = none.")
    notify_port: Port = Field(0, description="Port of a bridge's own metrics; 0 = none.")
    alertmanager: str = Field(
        "http://127.0.0.1:9093",
        pattern=f"^{ALERTMANAGER}(,{ALERTMANAGER})*$",
        repr=False,
        description="Alertmanagers that `gridpulse notify` posts to, with user:password@ where one is wanted (percent-"
        "encoded), separated by commas.",
    )
    notify_interval_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="What stands is posted again this often: a fifth of Alertmanager's resolve_timeout.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8080",
        pattern=r"^https?://[^\s]+$",
        description="Where people reach the web server, for the links of notifications.",
    )
    data_dir: str = Field(".gridpulse", min_length=1, description="Folder of the local Kafka and the demo.")
    story_file: str = Field("", description="JSON Lines in which the demo tells what happens; none when empty.")
    correction_horizon_days: int = Field(
        35, ge=1, le=400, description="Older voltage readings are rejected: sealed_period."
    )
    case_horizon_days: int = Field(
        3653,
        ge=1,
        le=36_525,
        description="Older facts about outages, orders and complaints are rejected: sealed_period.",
    )
    future_tolerance_seconds: Seconds = Field(300, description="Later events are rejected: from_the_future.")
    momentary_threshold_seconds: Seconds = Field(300, description="Interruptions up to this long are momentary.")
    pseudonym_key: SecretStr = Field(
        SecretStr(""),
        description="Secret, 16 characters and more: customers are kept as a hash with it. Empty: they are not kept.",
    )
    voltage_limits: dict[int, tuple[int, int]] = Field(
        {},
        description='Lowest and highest voltage by nominal one, in 0.01 V, such as {"22000": [19800, 23540]}.',
        examples=[{"22000": [19800, 23540]}],
    )
    voltage_interval_seconds: Interval = Field(900, description="Between readings that do not say their interval.")
    voltage_min_coverage_percent: int = Field(
        60, ge=0, le=100, description="A point whose coverage of a day, month or 30 days is less has no rate there."
    )
    voltage_week_min_share_percent: int = Field(
        60, ge=0, le=100, description="A phase with fewer of the 10-minute means of a week is not judged by EN 50160."
    )
    clock_skew_max_seconds: int = Field(
        30,
        ge=1,
        le=3600,
        description="A worker whose host's clock is further from the broker's refuses to run; with NTP it is below 1.",
    )
    announce_past: bool = Field(False, description="A new ledger announces deadlines from before its begin, too.")
    publish_interval_seconds: Seconds = Field(1, description="At most one record per cell of now in this time.")
    growth_interval_seconds: Interval = Field(60, description="Values that only grow are published this often.")
    stale_after_seconds: Interval = Field(10, description="A source silent for longer makes its cells incomplete.")
    fault_points: str = Field(
        "",
        pattern=f"^({FAULT}(,{FAULT})*)?$",
        description="Places where a test stops or kills the process; empty in production.",
        examples=["before_commit:3:kill"],
    )
    fault_clock_seconds: int = Field(
        0, ge=-86_400, le=86_400, description="How far a test has this host's clock ahead; 0 in production."
    )
    contiguous_inputs: bool = Field(True, description="A gap in input offsets ends the process.")
    audit_interval_seconds: Interval = Field(300, description="Time between two audits of a partition's partials.")
    require_all: bool = Field(False, description="Tests fail instead of being skipped when a tool is missing.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - these three by the names of pydantic's own method
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic's interface
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _Environment(settings_cls)

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone") from error
        return zone

    @field_validator("voltage_limits")
    @classmethod
    def _low_before_high(cls, limits: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
        if any(nominal < 1 or not 0 <= low <= high for nominal, (low, high) in limits.items()):
            raise ValueError("nominal: [low, high] with 0 <= low <= high")
        return dict(sorted(limits.items()))

    @field_validator("pseudonym_key")
    @classmethod
    def _key_is_long(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < KEY_CHARACTERS_MIN:
            raise ValueError(f"{KEY_CHARACTERS_MIN} characters and more, or none")
        return key

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """From the environment, `overrides` first; the sentence of SettingsInvalid names what is wrong."""
        known = {PREFIX + name.upper() for name in cls.model_fields}
        unknown = sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)
        if unknown:
            raise SettingsInvalid(f"Unknown setting {', '.join(unknown)}; `docs/settings.md` lists what exists.")
        try:
            return cls(**overrides)
        except ValidationError as error:
            wrong = "; ".join(cls._wrong(part) for part in error.errors())
            raise SettingsInvalid(f"Bad setting {wrong}.") from error

    @classmethod
    def _wrong(cls, part: Any) -> str:
        """Which variable, which part of it, what is wrong with it, and one that would be right."""
        name, *inside = map(str, part["loc"])
        within = "" if not inside else f" at {'.'.join(each for each in inside if each != '[key]')}"
        said = part["msg"].removeprefix("Value error, ")
        return f"{_shown(name, part['input'])}{within}: {said}{_example(cls.model_fields[name])}"

    def environment(self) -> dict[str, str]:
        """The process environment in which a child reads exactly these settings."""
        inherited = {name: value for name, value in environ.items() if not name.upper().startswith(PREFIX)}
        return inherited | {PREFIX + name.upper(): _plain(value) for name, value in self.model_dump().items()}


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _shown(name: str, value: Any) -> str:
    """The variable with what it is set to; a secret is never shown, and of a long text only its begin."""
    shown = "(secret)" if name in SECRETS else sub(r"//.*@", "//(secret)@", repr(value))
    return f"{PREFIX}{name.upper()}={shown if len(shown) <= SHOWN_MAX else shown[:SHOWN_MAX] + '...'}"


def _example(field: FieldInfo) -> str:
    """A value that would be right, where there is one to show."""
    right = field.examples[0] if field.examples else field.default
    text = _plain(right)
    return f", for example {text}" if text else ""
