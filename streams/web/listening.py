"""A server's port, or one sentence about why there is none."""

from aiohttp import web

from streams.errors import GridpulseError


async def listen(runner: web.AppRunner, host: str, port: int, setting: str) -> None:
    """Serve from now on; GridpulseError names the setting by which another port is chosen."""
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise GridpulseError(
            f"Cannot listen on {host}:{port} ({error.strerror}); {setting} can name another port."
        ) from error
