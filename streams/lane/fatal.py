"""The way out when memory is ahead of the log and cannot be trusted: say why, end the process at once."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Coroutine
from typing import Any, NoReturn, TypeVar

from streams.errors import LaneBroken

logger = logging.getLogger(__name__)

EXIT_CODE = 70
T = TypeVar("T")


def die(what: str, error: BaseException) -> NoReturn:
    """End without cleaning up: an orderly stop would commit offsets or flush writes that must not happen."""
    logger.critical("%s: %s", what, said(error), exc_info=error)
    logging.shutdown()
    os._exit(EXIT_CODE)


def said(error: BaseException) -> str:
    """An error by its kind and its words, for a sentence about it."""
    return f"{type(error).__name__}: {error}"


async def within(seconds: float, what: str, awaitable: Awaitable[T]) -> T:
    """Await the broker, but not for ever: past the deadline the caller gets LaneBroken."""
    try:
        async with asyncio.timeout(seconds):
            return await awaitable
    except TimeoutError as error:
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
