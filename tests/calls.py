"""What the interpreter calls in `streams` and `schemas`, and how often the data turn back.

`back` counts calls from a stage to one that the record has passed, in the order of the flow (docs/architecture.md); the
vocabulary that all stages share (`schemas`, `dimensions`, `measures`, `reference`, ...) is no stage. `up` counts calls
into a package further up in the layers of pyproject.toml, which no import allows: they go through a Protocol, or a
function that was handed over.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Final, NamedTuple

from deploy.layers_page import layers

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = (f"{ROOT}/streams/", f"{ROOT}/schemas/")
FLOW: Final = ("lane", "agents", "facts", "cases", "sla", "cells", "publish", "kpis")


class Steps(NamedTuple):
    """What one trip took; `depth` is the longest chain of calls."""

    calls: int
    functions: int
    files: int
    depth: int
    back: int
    up: int


class Count:
    """What the interpreter calls in `streams` and `schemas`; a generator that goes on is a call."""

    def __init__(self) -> None:
        self._layers = {name: number for number, row in enumerate(layers()) for name in row}
        self._stack: list[str] = []
        self._calls: Counter[CodeType] = Counter()
        self.turns: Counter[tuple[str, str]] = Counter()  # from one package into another
        self._depth = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _about: object) -> None:
        code = frame.f_code
        if event not in {"call", "return"} or not code.co_filename.startswith(ROOMS):
            return
        if event == "return":
            self._stack.pop()
            return
        package = package_of(code.co_filename)
        if self._stack and self._stack[-1] != package:
            self.turns[self._stack[-1], package] += 1
        self._stack.append(package)
        self._calls[code] += 1
        self._depth = max(self._depth, len(self._stack))

    def _against(self, order: Mapping[str, int]) -> int:
        """Calls from a package into one that comes before it."""
        known = {pair: count for pair, count in self.turns.items() if order.keys() >= {*pair}}
        return sum(count for (caller, callee), count in known.items() if order[callee] < order[caller])

    @property
    def steps(self) -> Steps:
        files = {code.co_filename for code in self._calls}
        back = self._against({name: number for number, name in enumerate(FLOW)})
        return Steps(self._calls.total(), len(self._calls), len(files), self._depth, back, self._against(self._layers))


def package_of(file: str) -> str:
    """The package of `streams`, or its module, or `schemas`."""
    top, below, *_ = Path(file).relative_to(ROOT).parts
    return top if top == "schemas" else below.removesuffix(".py")
