"""Every knob of gridpulse, frozen, from `GRIDPULSE_*`; the only reader of the environment."""

import json
from os import environ  # noqa: TID251 - the one place
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.errors import SettingsInvalid

PREFIX = "GRIDPULSE_"

SECRETS = frozenset({"pseudonym_key"})  # never shown, in no message either
KEY_CHARACTERS_MIN = 16

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """One frozen value; the environment name of a field is `GRIDPULSE_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    broker: str = Field("127.0.0.1:9092", min_length=1, description="Kafka's bootstrap servers, host:port[,host:port].")
    topic_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="Before every topic name, group and transactional id."
    )
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of every topic but the network's.")
    clock: Literal["wall", "marks"] = Field("wall", description="Time from the wall clock, or from marks (replay).")
    zone: str = Field("Asia/Shanghai", description="IANA zone whose midnights bound the days.")
    commit_interval_ms: int = Field(100, ge=1, le=10_000, description="Least time between commit units of a partition.")
    session_timeout_seconds: int = Field(12, ge=1, le=300, description="A worker silent for longer loses its share.")
    instance: str = Field("", max_length=100, description="Static member id of a worker; none when empty.")
    broker_deadline_seconds: int = Field(20, ge=1, le=600, description="A broker silent for longer ends the process.")
    web_host: str = Field("127.0.0.1", min_length=1, description="Address the web server listens on.")
    web_port: Port = Field(8080, description="Port of the web server; 0 takes a free one.")
    worker_port: Port = Field(0, description="Port of a worker's own metrics; 0 = none.")
    notify_port: Port = Field(0, description="Port of a bridge's own metrics; 0 = none.")
    alertmanager: str = Field(
        "http://127.0.0.1:9093",
        pattern=r"^https?://[^\s,]+(,https?://[^\s,]+)*$",
        description="Alertmanagers that `gridpulse notify` posts to, separated by commas.",
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
    correction_horizon_days: int = Field(35, ge=1, le=400, description="Older events are rejected: sealed_period.")
    future_tolerance_seconds: int = Field(300, ge=0, description="Later events are rejected: from_the_future.")
    momentary_threshold_seconds: int = Field(300, ge=0, description="Interruptions up to this long are momentary.")
    pseudonym_key: SecretStr = Field(
        SecretStr(""),
        description="Secret, 16 characters and more: customers are kept as a hash with it. Empty: they are not kept.",
    )
    voltage_limits: dict[int, tuple[int, int]] = Field(
        {}, description='Lowest and highest voltage by nominal one, in 0.01 V, such as {"22000": [19800, 23540]}.'
    )
    voltage_interval_seconds: int = Field(900, ge=1, description="Between readings that do not say their interval.")
    announce_past: bool = Field(False, description="A new ledger announces deadlines from before its begin, too.")
    publish_interval_seconds: int = Field(1, ge=0, description="At most one record per cell of now in this time.")
    growth_interval_seconds: int = Field(60, ge=1, description="Values that only grow are published this often.")
    stale_after_seconds: int = Field(10, ge=1, description="A source silent for longer makes its cells incomplete.")
    fault_points: str = Field("", description="Places where a test stops or kills the process; empty in production.")
    contiguous_inputs: bool = Field(True, description="A gap in input offsets ends the process.")
    audit_interval_seconds: int = Field(300, ge=1, description="Time between two audits of a partition's partials.")
    require_all: bool = Field(False, description="Tests fail instead of being skipped when a tool is missing.")

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
            wrong = "; ".join(map(_wrong, error.errors()))
            raise SettingsInvalid(f"Bad setting {wrong}.") from error

    def environment(self) -> dict[str, str]:
        """The process environment in which a child reads exactly these settings."""
        inherited = {name: value for name, value in environ.items() if not name.upper().startswith(PREFIX)}
        return inherited | {PREFIX + name.upper(): _plain(value) for name, value in self.model_dump().items()}


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _wrong(part: Any) -> str:
    name = str(part["loc"][0])
    shown = "(secret)" if name in SECRETS else repr(part["input"])
    return f"{PREFIX}{name.upper()}={shown}: {part['msg']}"
