"""The settings of gridpulse, frozen, from `GRIDPULSE_*`; the only reader of the environment."""

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
SECRETS = frozenset({"pseudonym_key"})  # never shown, also not in messages
KEY_CHARACTERS_MIN = 16
BROKER = r"(\[[0-9A-Fa-f:.]+\]|[^\s,:/]+):[0-9]{1,5}"
ALERTMANAGER = r"https?://([^\s,/?#@]+@)?[^\s,/?#@]+(/[^\s,?#@]*)?"
FAULT = "[a-z_]+:[1-9][0-9]{0,8}:(kill|stop)"
SHOWN_MAX = 200  # characters of a wrong value in a message

Port = Annotated[int, Field(ge=0, le=65535)]
DAY_SECONDS = 86_400  # again, as in schemas.event: the oracle reads settings, and shares nothing with schemas
YEAR_SECONDS = 366 * DAY_SECONDS  # more than any duration needs, and far below the limits of integer columns
Seconds = Annotated[int, Field(ge=0, le=YEAR_SECONDS)]
Interval = Annotated[int, Field(ge=1, le=YEAR_SECONDS)]


class _Environment(EnvSettingsSource):
    """The environment; a setting that has to be JSON and is not is named in the error."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            found = json.loads(value, object_pairs_hook=_once, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            why = "nested too deep" if isinstance(error, RecursionError) else str(error)
            raise SettingsInvalid(
                f"Bad setting {_shown(field_name, value)} is no JSON ({why}){_example(field)}."
            ) from None
        if found is None:  # it would pass for a variable that is not set
            raise SettingsInvalid(f"Bad setting {_shown(field_name, value)}: it is null{_example(field)}.")
        return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with unique names: Python would silently use the last of two equal names."""
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
        "", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="Prefix of every topic name, group and transactional id."
    )
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of every topic but the network's.")
    partitioner: Literal["murmur2", "any"] = Field(
        "murmur2",
        description="Partitioner of the producers. murmur2: Kafka's default (librdkafka: partitioner=murmur2_random); "
        "a record in another partition is rejected as misrouted. any: not checked; points that never reported do not "
        "count.",
    )
    clock: Literal["wall", "marks"] = Field("wall", description="Time from the wall clock, or from marks (replay).")
    zone: str = Field("Asia/Shanghai", description="IANA zone whose midnights bound the days.")
    commit_interval_ms: int = Field(100, ge=1, le=10_000, description="Least time between commit units of a partition.")
    session_timeout_seconds: int = Field(
        12, ge=1, le=300, description="A worker without a heartbeat for longer loses its partitions."
    )
    instance: str = Field(
        "",
        max_length=100,
        description="Static member id, unique per worker of a role: a second worker refuses to start. Empty: none.",
    )
    broker_deadline_seconds: int = Field(
        20, ge=1, le=600, description="A broker without a response for longer ends the process."
    )
    web_host: str = Field("127.0.0.1", min_length=1, description="Address the web server listens on.")
    web_port: Port = Field(8080, description="Port of the web server; 0 takes a free one.")
    worker_port: Port = Field(0, description="Port of a worker's own metrics; 0 = none.")
    notify_port: Port = Field(0, description="Port of the metrics of `gridpulse notify`; 0 = none.")
    alertmanager: str = Field(
        "http://127.0.0.1:9093",
        pattern=f"^{ALERTMANAGER}(,{ALERTMANAGER})*$",
        repr=False,
        description="Alertmanagers that `gridpulse notify` posts to, separated by commas; with user:password@ (percent-"
        "encoded) if required.",
    )
    notify_interval_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="Re-post interval for firing alerts: at most one fifth of Alertmanager's resolve_timeout.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8080",
        pattern=r"^https?://[^\s]+$",
        description="Address of the web server for its users; used in the links of notifications.",
    )
    data_dir: str = Field(".gridpulse", min_length=1, description="Folder of the local Kafka and the demo.")
    story_file: str = Field("", description="The demo log: a JSON line per step of the demo. Empty: none.")
    correction_horizon_days: int = Field(
        35, ge=1, le=400, description="Older voltage readings are rejected as sealed_period."
    )
    case_horizon_days: int = Field(
        3653,
        ge=1,
        le=36_525,
        description="Older facts about outages, orders and complaints are rejected as sealed_period.",
    )
    future_tolerance_seconds: Seconds = Field(300, description="Events further ahead are rejected as from_the_future.")
    momentary_threshold_seconds: Seconds = Field(300, description="Interruptions up to this length are momentary.")
    pseudonym_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the hash that replaces customer references, 16 characters or more. Empty: references are "
        "dropped.",
    )
    voltage_limits: dict[int, tuple[int, int]] = Field(
        {},
        description='Lowest and highest voltage by nominal voltage, in 0.01 V, such as {"22000": [19800, 23540]}.',
        examples=[{"22000": [19800, 23540]}],
    )
    voltage_interval_seconds: Interval = Field(900, description="Interval of readings that do not state an interval.")
    voltage_min_coverage_percent: int = Field(
        60, ge=0, le=100, description="A point with less coverage of a day, month or 30 days has no rate for it."
    )
    voltage_week_min_share_percent: int = Field(
        60, ge=0, le=100, description="A phase with fewer 10-minute means of a week has no EN 50160 result."
    )
    clock_skew_max_seconds: int = Field(
        30,
        ge=1,
        le=3600,
        description="Maximum difference between the clocks of a worker's host and of the broker; beyond it the worker "
        "refuses to run. With NTP it is below 1.",
    )
    announce_past: bool = Field(False, description="A new ledger also announces deadlines from before its begin.")
    publish_interval_seconds: Seconds = Field(
        1, description="Minimum time between two records of a cell of period now."
    )
    growth_interval_seconds: Interval = Field(60, description="Publication interval of values that only grow.")
    stale_after_seconds: Interval = Field(10, description="A source further behind makes its cells incomplete.")
    fault_points: str = Field(
        "",
        pattern=f"^({FAULT}(,{FAULT})*)?$",
        description="Points at which a test stops or kills the process; empty in production.",
        examples=["before_commit:3:kill"],
    )
    fault_clock_seconds: int = Field(
        0,
        ge=-DAY_SECONDS,
        le=DAY_SECONDS,
        description="Seconds by which a test moves this host's clock; 0 in production.",
    )
    contiguous_inputs: bool = Field(True, description="A gap in input offsets ends the process.")
    audit_interval_seconds: Interval = Field(300, description="Time between audits of a partition's partials.")
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
            raise ValueError(f"{KEY_CHARACTERS_MIN} characters or more, or none")
        return key

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """From the environment, `overrides` first; SettingsInvalid names the wrong settings."""
        known = {PREFIX + name.upper() for name in cls.model_fields}
        unknown = sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)
        if unknown:
            raise SettingsInvalid(f"Unknown setting {', '.join(unknown)}; `docs/settings.md` lists all settings.")
        try:
            return cls(**overrides)
        except ValidationError as error:
            wrong = "; ".join(cls._wrong(part) for part in error.errors())
            raise SettingsInvalid(f"Bad setting {wrong}.") from error

    @classmethod
    def _wrong(cls, part: Any) -> str:
        """The variable, the part of it, the error, and a correct example."""
        name, *inside = map(str, part["loc"])
        within = "" if not inside else f" at {'.'.join(each for each in inside if each != '[key]')}"
        message = part["msg"].removeprefix("Value error, ")
        return f"{_shown(name, part['input'])}{within}: {message}{_example(cls.model_fields[name])}"

    def environment(self) -> dict[str, str]:
        """The process environment in which a child reads exactly these settings."""
        inherited = {name: value for name, value in environ.items() if not name.upper().startswith(PREFIX)}
        return inherited | {PREFIX + name.upper(): _plain(value) for name, value in self.model_dump().items()}


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _shown(name: str, value: Any) -> str:
    """The variable with its value; a secret is hidden, and a long text is cut."""
    shown = "(secret)" if name in SECRETS else sub(r"//.*@", "//(secret)@", repr(value))
    return f"{PREFIX}{name.upper()}={shown if len(shown) <= SHOWN_MAX else shown[:SHOWN_MAX] + '...'}"


def _example(field: FieldInfo) -> str:
    """A correct value, if there is an example."""
    right = field.examples[0] if field.examples else field.default
    text = _plain(right)
    return f", for example {text}" if text else ""
