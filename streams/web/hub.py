"""The present tiles, rendered once a second for all clients."""

import asyncio
from typing import Any

from streams.web.demo_steps import DemoSteps
from streams.web.state import Board
from streams.web.tiles.render import render

INTERVAL_SECONDS = 1


class Hub:
    """`turn` counts the renderings with a change; `wait_changed()` waits for the next; `listeners` counts callers."""

    def __init__(self, board: Board, demo_steps: DemoSteps | None = None) -> None:
        self.tiles: dict[str, dict[str, Any]] = {}
        self.scenes: list[dict[str, Any]] | None = None if demo_steps is None else []
        self.turn = 0
        self.closing = False
        self.listeners = 0
        self._board = board
        self._demo_steps = demo_steps
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        """Render until cancelled, also without new records, because ages grow."""
        while True:
            await self.render()
            await asyncio.sleep(INTERVAL_SECONDS)

    async def render(self) -> None:
        scenes = self.scenes
        if self._demo_steps is not None:
            self._demo_steps.refresh()
            scenes = self._demo_steps.scenes
        rendered = render(self._board)
        if rendered != self.tiles or scenes != self.scenes:
            self.tiles, self.scenes = rendered, scenes
            self.turn += 1
            async with self._changed:
                self._changed.notify_all()

    async def wait_changed(self, seen: int, *, within_seconds: float) -> bool:
        """Wait for a rendering after turn `seen`; whether there is one."""
        try:
            async with asyncio.timeout(within_seconds), self._changed:
                await self._changed.wait_for(lambda: self.turn > seen or self.closing)
        except TimeoutError:
            return False
        return not self.closing

    async def close(self) -> None:
        """Release every listener."""
        self.closing = True
        async with self._changed:
            self._changed.notify_all()
