"""The bounds of a server's connections: how many there are, and for how long one may hold what it does not use.

A client that sends half a request, or reads no response, costs a descriptor and some memory, and only for a while; when
all places are taken the one that has been idle longest gives way, so that nobody keeps others out by waiting.
"""

import asyncio
import resource
from typing import cast

from aiohttp import web

IDLE_SECONDS = 15  # for the whole head of a request, and from a response to the next head
LINGER_SECONDS = 2  # for the rest of a body that nobody asked for
STALLED_SECONDS = 30  # of a response of which the client reads nothing
HEADERS_MAX = 64
CONNECTIONS_MAX = 1_000
FILES_SPARE = 200  # for the broker, files, and what waits to be accepted
FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def connections_max() -> int:
    """As many as the process may have files open, less the spare ones."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS_MAX if files < 0 else max(min(CONNECTIONS_MAX, files - FILES_SPARE), 16)


class Connections:
    """The open connections of a server, the oldest first."""

    def __init__(self, server: web.Server) -> None:
        self.server, self.most = server, connections_max()
        self.loop = asyncio.get_running_loop()
        self.open: dict[Connection, None] = {}

    def accept(self) -> "Connection":
        """The protocol of the next connection."""
        return Connection(self)

    def admit(self, connection: "Connection") -> bool:
        """Whether there is a place for it; one that is idle gives way."""
        if len(self.open) >= self.most:
            idle = next((each for each in self.open if each.is_idle), None)
            if idle is None:
                return False
            self.leave(idle)
            idle.force_close()
        self.open[connection] = None
        return True

    def leave(self, connection: "Connection") -> None:
        """It is over."""
        self.open.pop(connection, None)


class Connection(web.RequestHandler):
    """One connection; aiohttp ends it after IDLE_SECONDS without a request, this class when a response stalls."""

    __slots__ = ("_all", "_left_bytes", "_stalled")

    def __init__(self, connections: Connections) -> None:
        super().__init__(
            connections.server,
            loop=connections.loop,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            max_headers=HEADERS_MAX,
            access_log=None,  # type: ignore[arg-type]  # as AppRunner takes it: none is kept
        )
        self._all = connections
        self._stalled: asyncio.TimerHandle | None = None
        self._left_bytes = 0

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request, of which a part may be there."""
        return not self._request_in_progress and not self._messages

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._all.admit(self):
            super().connection_made(transport)
            return
        self._force_close = True
        refusing = cast("asyncio.Transport", transport)
        refusing.write(FULL)
        refusing.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._all.leave(self)
        self._go_on()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_again()

    def resume_writing(self) -> None:
        self._go_on()
        super().resume_writing()

    def _watch_again(self) -> None:
        if self.transport is not None:
            self._left_bytes = self.transport.get_write_buffer_size()
            self._stalled = self._loop.call_later(STALLED_SECONDS, self._check)

    def _check(self) -> None:
        """A client that takes something is slow; one that takes nothing is gone."""
        if self.transport is not None and self.transport.get_write_buffer_size() >= self._left_bytes:
            self.transport.abort()
        else:
            self._watch_again()

    def _go_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
