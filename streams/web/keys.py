"""What the resources find in the application."""

from typing import Any

from aiohttp import web

from streams.settings import Settings
from streams.web.feed import Feed
from streams.web.hub import Hub
from streams.web.slices import Slices
from streams.web.state import Board

SETTINGS = web.AppKey("settings", Settings)
BOARD = web.AppKey("board", Board)
FEED = web.AppKey("feed", Feed)
SLICES = web.AppKey("slices", Slices)
HUB = web.AppKey("hub", Hub)
DOCUMENT: web.AppKey[dict[str, Any]] = web.AppKey("document", dict)
