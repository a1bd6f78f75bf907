"""A server's port, or one sentence about why there is none."""

import socket

from aiohttp import web

from streams.errors import GridpulseError
from streams.web.connections import Connections

BACKLOG = 128
SEND_BYTES = (
    131_072  # of a response, in the kernel's memory; without a bound a client that reads nothing gets megabytes
)


def claim(host: str, port: int, setting: str) -> socket.socket:
    """The socket of a port, taken before anything else begins; GridpulseError names the setting of the port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        claimed = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise GridpulseError(
            f"Cannot listen on {host}:{port} ({error.strerror}); {setting} can name another port, "
            f"GRIDPULSE_WEB_HOST another address."
        ) from error
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)  # what it accepts has the same
    return claimed


class _Site(web.BaseSite):
    """Serves on a claimed socket, within the bounds of connections."""

    def __init__(self, runner: web.AppRunner, claimed: socket.socket) -> None:
        super().__init__(runner, backlog=BACKLOG)
        self._claimed = claimed

    @property
    def name(self) -> str:
        return f"http://{':'.join(map(str, self._claimed.getsockname()[:2]))}"

    async def start(self) -> None:
        await super().start()
        assert self._runner.server is not None
        connections = Connections(self._runner.server)
        self._server = await connections.loop.create_server(
            connections.accept, sock=self._claimed, backlog=self._backlog
        )


async def listen(runner: web.AppRunner, claimed: socket.socket) -> None:
    """Serve on a claimed socket from now on."""
    await _Site(runner, claimed).start()
