"""A real Alertmanager and a real receiver of its messages, for tests."""

import json
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import yaml

from tests.support.tools import need

REPO = Path(__file__).parents[2]
SHIPPED = yaml.safe_load((REPO / "deploy/alertmanager/alertmanager.yml").read_text())
Said = dict[str, Any]


class Webhook:
    """Takes what an Alertmanager sends; `alerts` are those of all messages, in order."""

    def __init__(self) -> None:
        self.alerts: list[Said] = []
        alerts = self.alerts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                alerts.extend(body["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def heard(self, status: str, **labels: str) -> list[Said]:
        """The alerts that came with a status and these labels."""
        return [
            alert
            for alert in list(self.alerts)
            if alert["status"] == status and labels.items() <= alert["labels"].items()
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def shipped(webhook: str) -> Said:
    """The configuration that is shipped, with something in its receivers, and more haste for sums."""
    receivers = [each | {"webhook_configs": [{"url": webhook}]} for each in SHIPPED["receivers"]]
    route = SHIPPED["route"] | {"group_wait": "1s", "group_interval": "5s"}
    return SHIPPED | {"receivers": receivers, "route": route}


@contextmanager
def alertmanager(folder: Path, port: int, config: Said | None = None) -> Iterator[str]:
    """A real one with a configuration, in the shipped one nobody hears of anything; yields its address."""
    file = folder / "alertmanager.yml"
    file.write_text(json.dumps(config or SHIPPED))
    command = [
        need("alertmanager"),
        f"--config.file={file}",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with (
        (folder / "alertmanager.log").open("ab") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def active(address: str, **labels: str) -> list[Said]:
    """What stands in an Alertmanager; nothing while it does not answer."""
    filters = urllib.parse.urlencode([("filter", f'{name}="{value}"') for name, value in labels.items()])
    with suppress(OSError), urllib.request.urlopen(f"{address}/api/v2/alerts?{filters}", timeout=5) as response:
        found: list[Said] = orjson.loads(response.read())
        return found
    return []
