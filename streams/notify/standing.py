"""What should fire, from the records of grid.sla-breaches.v1, and which alerts of an Alertmanager that contradicts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson

from schemas.event import parse_instant
from streams import clock
from streams.notify.alerts import Alert, Links, alert_of, is_firing, key_of

# The topic keeps what ended for a year; no Alertmanager shows an alert that nobody has posted for a day.
FORGOTTEN_SECONDS = 24 * 3600


class Standing:
    """The last of every clock; all of it comes from the topic, so that a restart knows what the one before knew."""

    def __init__(self, links: Links, now: Callable[[], int] = clock.now) -> None:
        self.firing: dict[str, Alert] = {}
        self._links = links
        self._now = now
        self._told_at: dict[str, str] = {}  # when the last record of a clock came to be known

    def apply(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            key = record.key.decode()
            said = None if record.value is None else orjson.loads(record.value)
            self.firing.pop(key, None)
            self._told_at.pop(key, None)
            if said is not None and is_firing(said):
                self.firing[key] = alert_of(said, self._links)
                self._told_at[key] = said["detected_at"]
            elif said is not None and self._now() - parse_instant(said["detected_at"]) < FORGOTTEN_SECONDS:
                self._told_at[key] = said["detected_at"]

    def ended(self, active: Iterable[Alert]) -> Iterator[Alert]:
        """Of the alerts that an Alertmanager shows those that are over, with their end.

        One that began after what we know last is another bridge's, which has read further than we have.
        """
        for alert in active:
            key = key_of(alert["labels"])
            told_at, wanted = self._told_at.get(key), self.firing.get(key)
            if told_at is None or (wanted is not None and wanted["labels"] == alert["labels"]):
                continue
            if parse_instant(alert["startsAt"]) <= parse_instant(told_at):
                kept = {name: alert[name] for name in ("labels", "annotations", "startsAt", "generatorURL")}
                yield kept | {"endsAt": told_at}
