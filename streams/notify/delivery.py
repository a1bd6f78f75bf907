"""One Alertmanager, which receives all firing alerts after each change and at a fixed interval.

All alerts each time: a restarted Alertmanager has no state, and Alertmanager resolves an alert that is not repeated.
"""

import asyncio
import contextlib
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from streams.notify.alert_state import AlertState
from streams.notify.alerts import ALERTNAME, Alert

logger = logging.getLogger(__name__)

TIMEOUT: Final = ClientTimeout(total=10)
ALERTS_A_REQUEST: Final = 500
LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS = 1, 30
OURS: Final = {"filter": f'alertname="{ALERTNAME}"'}
Sleep = Callable[[float], Awaitable[Any]]


class Delivery:
    """Synchronises one Alertmanager with the topic; set `changed` after a change of the alerts."""

    def __init__(self, url: str, state: AlertState, interval_seconds: float, *, sleep: Sleep = asyncio.sleep) -> None:
        self.changed = asyncio.Event()
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        # The password is not part of the URL, and so of no error, log line or label.
        name, _, password = user.partition(":")
        basic = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"} if user else {}
        self.address = host + parts.path.rstrip("/")
        self.failures = 0
        self._due_since: float | None = asyncio.get_running_loop().time()
        self._url = f"{parts.scheme}://{self.address}/api/v2/alerts"
        self._state = state
        self._interval_seconds = interval_seconds
        self._sleep = sleep

    @property
    def overdue_seconds(self) -> float:
        """Seconds since the oldest change that was not delivered; 0 when all were."""
        return 0 if self._due_since is None else asyncio.get_running_loop().time() - self._due_since

    async def run(self) -> None:
        """Deliver until cancelled; an Alertmanager that was down gets the present alerts when it returns."""
        pause = LEAST_PAUSE_SECONDS
        async with ClientSession(timeout=TIMEOUT, headers=self._headers) as session:
            while True:
                self.changed.clear()
                if self._due_since is None:
                    self._due_since = asyncio.get_running_loop().time()
                try:
                    await self._deliver(session)
                except (ClientError, TimeoutError) as error:
                    self.failures += 1
                    logger.warning("%s was not told: %s; again in %d s", self._url, error or "no answer", pause)
                    await self._sleep(pause)
                    pause = min(2 * pause, MOST_PAUSE_SECONDS)
                    continue
                pause = LEAST_PAUSE_SECONDS
                self._due_since = asyncio.get_running_loop().time() if self.changed.is_set() else None
                await self._sleep(LEAST_PAUSE_SECONDS)  # changes in this second are delivered together
                # Not wait_for: until Python 3.12 it loses a cancellation that coincides with its result.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._interval_seconds):
                        await self.changed.wait()

    async def _deliver(self, session: ClientSession) -> None:
        async with session.get(self._url, params=OURS) as response:
            active: list[Alert] = await _checked(response)
        # Ended alerts first: the steps of one clock arrive in order.
        alerts = [*self._state.ended(active), *self._state.firing.values()]
        for start in range(0, len(alerts), ALERTS_A_REQUEST):
            async with session.post(self._url, json=alerts[start : start + ALERTS_A_REQUEST]) as response:
                await _checked(response)


async def _checked(response: Any) -> Any:
    if response.status >= 400:  # noqa: PLR2004 - the first of HTTP's errors
        raise ClientError(f"{response.status} {(await response.text()).strip()[:500]}")
    return await response.json() if response.content_length != 0 else None
