"""Errors as application/problem+json (RFC 9457), each with the action to take."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import orjson
from aiohttp import web

from streams.errors import GridpulseError


class RequestError(GridpulseError):
    """The client asked for something that does not exist or cannot be."""

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status


def problem(status: int, detail: str) -> web.Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/problem+json")


@web.middleware
async def problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Every error of a handler becomes a problem document; a bug is logged by aiohttp and not described in it."""
    try:
        return await handler(request)
    except RequestError as error:
        return problem(error.status, str(error))
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        response = problem(error.status, f"{request.method} {request.path}: {error.reason}.")
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception:
        request.app.logger.exception("%s %s failed", request.method, request.path)
        return problem(500, "gridpulse failed; its log has the error.")


def json(body: object, status: int = 200) -> web.Response:
    """A JSON response that no cache keeps: the next second has another one."""
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json", headers=headers)
