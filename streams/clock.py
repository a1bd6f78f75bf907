"""The only reader of clocks; everything below takes `now` as an argument."""

import time

_shift_ms = 0  # a fault of a test: this host's clock is that much ahead


def now_ms() -> int:
    """Milliseconds since the epoch, UTC, by this host."""
    return int(time.time() * 1000) + _shift_ms  # noqa: TID251 - here is where it comes from


def now() -> int:
    """Whole seconds since the epoch, UTC, by this host."""
    return now_ms() // 1000


def ticks_ms() -> int:
    """Milliseconds since some instant; nobody sets this clock, and it never goes back."""
    return time.monotonic_ns() // 1_000_000


def shift(seconds: int) -> None:
    """Let this host's clock be wrong, for a test (GRIDPULSE_FAULT_CLOCK_SECONDS)."""
    global _shift_ms  # noqa: PLW0603  # a process has one clock
    _shift_ms = seconds * 1000
