"""The only reader of the wall clock; everything below takes `now` as an argument."""

import time


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return int(time.time() * 1000)  # noqa: TID251 - here is where it comes from


def now() -> int:
    """Whole seconds since the epoch, UTC."""
    return now_ms() // 1000
