"""The alerts that should fire, from the records of grid.sla-breaches.v1, and the alerts that should be resolved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson

from schemas.event import parse_instant
from streams import clock
from streams.notify.alerts import Alert, Links, alert_of, is_firing, key_of

# The topic keeps ended clocks for a year; no Alertmanager shows an alert that was not posted for a day.
FORGOTTEN_SECONDS = 24 * 3600


class AlertState:
    """The last record of every clock. All state comes from the topic, so that a restart loses nothing."""

    def __init__(self, links: Links, now: Callable[[], int] = clock.now) -> None:
        self.firing: dict[str, Alert] = {}
        self._links = links
        self._now = now
        self._detected_at: dict[str, str] = {}  # of the last record of a clock

    def apply(self, _partition: int, records: Sequence[Any]) -> None:
        for record in records:
            key = record.key.decode()
            value = None if record.value is None else orjson.loads(record.value)
            self.firing.pop(key, None)
            self._detected_at.pop(key, None)
            if value is not None and is_firing(value):
                self.firing[key] = alert_of(value, self._links)
                self._detected_at[key] = value["detected_at"]
            elif value is not None and self._now() - parse_instant(value["detected_at"]) < FORGOTTEN_SECONDS:
                self._detected_at[key] = value["detected_at"]

    def ended(self, active: Iterable[Alert]) -> Iterator[Alert]:
        """The active alerts of an Alertmanager that have ended, with their end.

        An alert that began after our last record of its clock is from a forwarder that has read further.
        """
        for alert in active:
            key = key_of(alert["labels"])
            detected_at, wanted = self._detected_at.get(key), self.firing.get(key)
            if detected_at is None or (wanted is not None and wanted["labels"] == alert["labels"]):
                continue
            if parse_instant(alert["startsAt"]) <= parse_instant(detected_at):
                copied = {name: alert[name] for name in ("labels", "annotations", "startsAt", "generatorURL")}
                yield copied | {"endsAt": detected_at}
