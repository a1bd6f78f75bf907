"""GET /api/v1/story: what the demo tells, scene by scene."""

from aiohttp import web

from streams.web import parameters
from streams.web.keys import HUB
from streams.web.problems import RequestError, json

PARAMETERS: tuple[parameters.Parameter, ...] = ()


async def story(request: web.Request) -> web.Response:
    """The scenes so far, the oldest first."""
    parameters.query(request, PARAMETERS)
    scenes = request.app[HUB].scenes
    if scenes is None:
        raise RequestError("No story is told here; GRIDPULSE_STORY_FILE names the file of one.", 404)
    return json({"scenes": scenes})
