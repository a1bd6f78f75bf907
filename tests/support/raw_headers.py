"""Headers of Kafka records whose names are no UTF-8."""

from typing import Any, Self


class Raw(str):
    """A header's name that is encoded to other bytes than its text's."""

    __slots__ = ("raw",)

    def __new__(cls, raw: bytes) -> Self:
        made = super().__new__(cls, raw.decode(errors="replace"))
        made.raw = raw
        return made

    def encode(self, *_: Any, **__: Any) -> bytes:
        return self.raw
