"""Clients that wait, send half of a request or read nothing: each costs a little, and nobody else's answer."""

import json
import selectors
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.workers import eventually

HALF = b"GET /livez HTTP/1.1\r\nHost: here\r\nX-Half: "
PATIENCE_SECONDS = 60  # of a test; a server that answers does it in milliseconds
PATIENT = 3_600


class Server:
    """A server in a process of its own, and sockets to it that stay open."""

    def __init__(self, files: int, idle: int, stalled: int, records: int) -> None:
        arguments = map(str, (files, idle, stalled, records))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.serving", *arguments], stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.address = "127.0.0.1", int(self.process.stdout.readline())
        self.held = ExitStack()

    def close(self) -> None:
        self.held.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def send(self, data: bytes) -> socket.socket:
        """A connection on which something was sent; it stays open."""
        sent = self.held.enter_context(socket.create_connection(self.address, timeout=PATIENCE_SECONDS))
        sent.sendall(data)
        return sent

    def get(self, path: str) -> tuple[int, bytes]:
        return answer(self.send(request(path, "Connection: close")))

    @property
    def files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096


def request(path: str, *headers: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: here", *headers, "", "")).encode()


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of an answer after which the server closes."""
    received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def is_over(connection: socket.socket) -> bool:
    """Whether the server has ended a connection of which nothing was to be read."""
    try:
        return connection.recv(1 << 16, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with ExitStack() as servers:

        def start(*, files: int = 1_024, idle: int = PATIENT, stalled: int = PATIENT, records: int = 100) -> Server:
            server = Server(files, idle, stalled, records)
            servers.callback(server.close)
            return server

        yield start


def test_half_requests_without_end_keep_nobody_out(serve: Callable[..., Server]):
    server = serve(files=1_024)

    for _ in range(1_100):
        server.send(HALF)

    assert server.get("/livez") == (200, b'{"status":"ok"}')
    assert server.get("/api/v1/kpis?limit=1")[0] == 200
    assert server.files < 1_024 - 100


def test_half_a_request_is_ended_however_slowly_it_goes_on(serve: Callable[..., Server]):
    server = serve(idle=1)
    silent, slow, said_nothing = server.send(HALF), server.send(HALF), server.send(b"")

    def trickle() -> bool:
        if not is_over(slow):
            slow.send(b"x")
        return is_over(slow)

    eventually("the one that trickles is ended", trickle)
    eventually("the ones that stand still are ended", lambda: is_over(silent) and is_over(said_nothing))


def test_a_body_that_never_comes_holds_no_connection(serve: Callable[..., Server]):
    server = serve()
    posted = server.send(b"POST /livez HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\nx")

    assert answer(posted)[0] == 405


def test_short_answers_do_not_wait_for_long_ones(serve: Callable[..., Server]):
    server = serve(records=20_000)
    long = [server.send(request("/api/v1/kpis?limit=2000", "Connection: close")) for _ in range(20)]
    long += [
        server.send(request("/api/v1/tiles/customers_out/cases?limit=2000", "Connection: close")) for _ in range(20)
    ]
    short = server.send(request("/livez", "Connection: close"))

    order: list[str] = []
    with selectors.DefaultSelector() as selector:
        for connection in (*long, short):
            selector.register(connection, selectors.EVENT_READ)
        while "short" not in order:
            for key, _ in selector.select():
                selector.unregister(key.fileobj)
                order.append("short" if key.fileobj is short else "long")

    assert answer(short)[0] == 200
    assert order.count("long") < 20
    assert {answer(each)[0] for each in long} == {200}


def test_a_page_has_a_bound_and_the_next_one_follows(serve: Callable[..., Server]):
    server = serve(records=3_000)

    status, problem = server.get("/api/v1/kpis?limit=100000")
    assert (status, json.loads(problem)["detail"]) == (
        400,
        "limit=100000 is not a whole number from 1 to 2000; more come page by page.",
    )
    pages, path = [], "/api/v1/kpis?kpi=saidi&limit=2000"
    while path is not None:
        page = json.loads(server.get(path)[1])
        pages.append([item["key"] for item in page["items"]])
        path = page["next"]
    assert [len(keys) for keys in pages] == [2_000, 1_002]
    assert sorted(key for keys in pages for key in keys) == [key for keys in pages for key in keys]


def test_500_event_streams_that_nobody_reads_cost_no_memory_over_time(serve: Callable[..., Server]):
    server = serve(files=2_048)
    for _ in range(500):
        server.send(request("/api/v1/events"))
    reader = server.send(request("/api/v1/events")).makefile("rb")

    def read(messages: int) -> int:
        """Resident bytes after that many messages to the one that reads."""
        for _ in range(messages):
            while not reader.readline().startswith(b"data:"):
                pass
        return server.resident_bytes

    read(40)
    before = read(40)
    after = read(160)

    assert after - before < 20 * 2**20
    assert server.get("/livez")[0] == 200


def test_who_reads_nothing_of_an_answer_is_let_go(serve: Callable[..., Server]):
    server = serve(stalled=1, records=3_000)
    before = server.files
    for _ in range(20):
        server.send(request("/api/v1/kpis?limit=2000"))

    eventually("all are let go", lambda: server.files <= before)


def test_event_streams_leave_place_for_short_answers(serve: Callable[..., Server]):
    server = serve(files=300)  # 100 connections
    streams = [server.send(request("/api/v1/events")) for _ in range(75)]
    for each in streams:
        assert each.recv(12) == b"HTTP/1.1 200"

    status, problem = server.get("/api/v1/events")

    assert (status, json.loads(problem)["detail"]) == (503, "75 clients listen already; another server can be started.")
    assert server.get("/livez")[0] == 200
