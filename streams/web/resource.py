"""One resource of the API: path, handler and response."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import web

from streams.web.parameters import Parameter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Resource(NamedTuple):
    """A path to GET. `model` describes the JSON, None if `media` is not JSON; `places` fill the path."""

    path: str
    handler: Handler
    summary: str
    parameters: tuple[Parameter, ...]
    model: type[Any] | None
    media: str = "application/json"
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
