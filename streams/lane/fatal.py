"""The way out when memory is ahead of the log and cannot be trusted: say why, end the process at once."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Coroutine
from typing import Any, NoReturn, TypeVar

from streams.errors import LaneBroken

logger = logging.getLogger(__name__)

EXIT_CODE = 70
DEADLINE_SLICES = 20  # a turn that holds the loop costs one of them, however long it takes
T = TypeVar("T")


def die(what: str, error: BaseException) -> NoReturn:
    """End without cleaning up: an orderly stop would commit offsets or flush writes that must not happen."""
    logger.critical("%s: %s", what, describe(error), exc_info=error)
    logging.shutdown()
    os._exit(EXIT_CODE)


def describe(error: BaseException) -> str:
    """An error by its kind and its words, for a sentence about it."""
    return f"{type(error).__name__}: {error}"


async def within(seconds: float, what: str, awaitable: Awaitable[T]) -> T:
    """Await the broker, but not for ever: past the deadline the caller gets LaneBroken.

    The deadline counts the time in which the event loop ran: while a turn of the fold holds it no answer can be read,
    however soon the broker gave it.
    """
    task = asyncio.ensure_future(awaitable)
    try:
        for _ in range(DEADLINE_SLICES):
            done, _ = await asyncio.wait((task,), timeout=seconds / DEADLINE_SLICES)
            if done:
                return await task
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait((task,))
        raise
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError as error:
        raise LaneBroken(f"{what} took longer than {seconds} s") from error


def spawn_guarded(what: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run a coroutine whose failure ends the process."""

    async def run() -> None:
        try:
            await coroutine
        except BaseException as error:  # whatever it was, the process must not go on
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise  # somebody cancelled us, not something we waited for itself
            die(what, error)

    return asyncio.create_task(run(), name=what)
