"""One Alertmanager, which is told everything that stands whenever something changes, and again and again.

Everything each time: a restarted Alertmanager knows nothing, and one that hears no more of an alert ends it.
"""

import asyncio
import contextlib
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from streams.notify.alerts import ALERTNAME, Alert
from streams.notify.standing import Standing

logger = logging.getLogger(__name__)

TIMEOUT: Final = ClientTimeout(total=10)
ALERTS_A_REQUEST: Final = 500
LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS = 1, 30
OURS: Final = {"filter": f'alertname="{ALERTNAME}"'}
Sleep = Callable[[float], Awaitable[Any]]


class Delivery:
    """Keeps one Alertmanager as the topic says; `news` is set when there is something to tell."""

    def __init__(self, url: str, standing: Standing, interval_seconds: float, *, sleep: Sleep = asyncio.sleep) -> None:
        self.news = asyncio.Event()
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        # The password stays out of the URL, and so out of all that quotes it: errors, logs, labels.
        name, _, password = user.partition(":")
        basic = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"} if user else {}
        self.address = host + parts.path.rstrip("/")
        self.failures = 0
        self._due_since: float | None = asyncio.get_running_loop().time()
        self._url = f"{parts.scheme}://{self.address}/api/v2/alerts"
        self._standing = standing
        self._interval_seconds = interval_seconds
        self._sleep = sleep

    @property
    def overdue_seconds(self) -> float:
        """How long it has been waiting for what it was not told; 0 when it knows everything."""
        return 0 if self._due_since is None else asyncio.get_running_loop().time() - self._due_since

    async def run(self) -> None:
        """Tell until cancelled; an Alertmanager that is away is told when it is back, whatever has happened since."""
        pause = LEAST_PAUSE_SECONDS
        async with ClientSession(timeout=TIMEOUT, headers=self._headers) as session:
            while True:
                self.news.clear()
                if self._due_since is None:
                    self._due_since = asyncio.get_running_loop().time()
                try:
                    await self._tell(session)
                except (ClientError, TimeoutError) as error:
                    self.failures += 1
                    logger.warning("%s was not told: %s; again in %d s", self._url, error or "no answer", pause)
                    await self._sleep(pause)
                    pause = min(2 * pause, MOST_PAUSE_SECONDS)
                    continue
                pause = LEAST_PAUSE_SECONDS
                self._due_since = asyncio.get_running_loop().time() if self.news.is_set() else None
                await self._sleep(LEAST_PAUSE_SECONDS)  # what changes meanwhile is told at once, and not one by one
                # Never wait_for: until Python 3.12 it loses a cancellation that comes with its result.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._interval_seconds):
                        await self.news.wait()

    async def _tell(self, session: ClientSession) -> None:
        async with session.get(self._url, params=OURS) as response:
            active: list[Alert] = await _checked(response)
        # What has ended goes first: of two steps of one clock never both are heard of in the wrong order.
        alerts = [*self._standing.ended(active), *self._standing.firing.values()]
        for start in range(0, len(alerts), ALERTS_A_REQUEST):
            async with session.post(self._url, json=alerts[start : start + ALERTS_A_REQUEST]) as response:
                await _checked(response)


async def _checked(response: Any) -> Any:
    if response.status >= 400:  # noqa: PLR2004 - the first of HTTP's errors
        raise ClientError(f"{response.status} {(await response.text()).strip()[:500]}")
    return await response.json() if response.content_length != 0 else None
