"""One resource of the API: its path, who answers, and what the answer is."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import web

from streams.web.parameters import Parameter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Resource(NamedTuple):
    """A path to GET. `answer` is a model of the JSON, or None for what `media` says alone; `places` fill the path."""

    path: str
    handler: Handler
    summary: str
    parameters: tuple[Parameter, ...]
    answer: type[Any] | None
    media: str = "application/json"
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
