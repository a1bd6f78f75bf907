"""What every test may ask for: a real broker, topics of its own, tools that may be missing."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams import topics
from streams.demo.kafka import LocalKafka
from streams.settings import Settings
from tests.support.tools import MISSING, need


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: takes long; run by `make proofs`, not by `make test`")
    config.addinivalue_line("markers", "slow(reason): seconds of a processor; in `make test`, not in `make quick`")
    config.addinivalue_line(
        "markers",
        "needs(name): a tool or folder that a user may lack: prometheus, promtool, alertmanager, amtool, chromium, "
        "../shared",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        need(marker.args[0])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    lacking = sorted(f"{report.nodeid}  {_reason(report)}" for report in skipped if MISSING in _reason(report))
    if lacking:
        terminalreporter.section("not run, because something is missing here", "=", yellow=True)
        for line in lacking:
            terminalreporter.line(line)


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data and designs, which are not part of a clone."""
    return need("../shared")


@pytest.fixture(scope="session")
def promtool() -> Path:
    return need("promtool")


@pytest.fixture(scope="session")
def chromium() -> Path:
    return need("chromium")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Kafka: GRIDPULSE_BROKER, or one of our own for this session."""
    settings = Settings.load()
    if "broker" in settings.model_fields_set:
        yield settings.broker
        return
    kafka = LocalKafka(tmp_path_factory.mktemp("kafka"))
    kafka.start()
    yield kafka.address
    kafka.stop()


@pytest.fixture
def make_settings(broker: str) -> Iterator[Callable[..., Settings]]:
    """Settings under a prefix of their own, whose topics exist; they are deleted after the test."""
    made: list[Settings] = []

    def make(**overrides: object) -> Settings:
        prefix = f"t{uuid.uuid4().hex[:8]}."
        settings = Settings.load(**({"broker": broker, "topic_prefix": prefix} | overrides))
        topics.create(settings)
        made.append(settings)
        return settings

    yield make
    for settings in made:
        with topics.admin(settings) as client:
            names = {name for name in client.list_topics() if name.startswith(settings.topic_prefix)}
            if settings.topic_prefix and names:
                client.delete_topics(sorted(names))


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings()


@pytest.fixture
def prefix(settings: Settings) -> str:
    return settings.topic_prefix
