"""Which of the page's languages a client gets: what its address asks for, else what its browser prefers."""

from collections.abc import Iterable

from streams.web.texts import LANGUAGES

LENGTH_MAX = 1_000  # of a header that is parsed; browsers send some dozens of characters


def supported(tag: str) -> str | None:
    """The language of a tag such as `zh`, `zh-CN`, `zh_CN`, `ZH-Hant-HK` or `en-GB`; None: no texts are in it."""
    primary = tag.strip().replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


def chosen(asked: Iterable[str], accepted: str) -> str:
    """The last of the tags asked for that is supported, else the first of an Accept-Language header, else English."""
    wanted = [found for tag in asked if (found := supported(tag))]
    preferred = [found for tag in _preferred(accepted[:LENGTH_MAX]) if (found := supported(tag))]
    return [*preferred[:1], *wanted][-1] if wanted or preferred else LANGUAGES[0]


def _preferred(header: str) -> list[str]:
    """The tags of the header, the most wanted first; what is no quality counts as none."""
    weighed: list[tuple[float, int, str]] = []
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        quality = _quality(parameters)
        if quality > 0:
            weighed.append((-quality, len(weighed), tag))
    return [tag for _, _, tag in sorted(weighed)]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
