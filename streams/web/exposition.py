"""What a collector shows now, in the format that the scraper asked for."""

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector


def expose(request: web.Request, collector: Collector) -> web.Response:
    """Text or OpenMetrics, as the scraper accepts; the registry is the collector's own."""
    registry = CollectorRegistry()
    registry.register(collector)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return web.Response(body=encode(registry), headers={"Content-Type": content_type})
