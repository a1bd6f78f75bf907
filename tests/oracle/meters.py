"""Voltage points and what they measure, on lines of the oracle; 0.01 V."""

from tests.oracle.lines import NETWORK, rfc

VOLTAGE = "grid.voltage-readings.v1"
DAY, NEXT = "06-03", "06-04 00:10"
TODAY = f"2026-{DAY}"
GOOD, OVER, UNDER = 22_000, 23_600, 19_700
NOTHING = (None, None)


# However little there is of a day or a week: minimums are looked at in `test_voltage_coverage`.
NO_MINIMUM = {"voltage_min_coverage_percent": 0, "voltage_week_min_share_percent": 0}


class Meters:
    """Points and what they measure, on lines of the oracle."""

    def __init__(self, lines):
        self.lines = lines

    def cells(self, when, **settings):
        return self.lines.cells(when, **NO_MINIMUM | settings)

    def ratios(self, when, *keys, **settings):
        return self.lines.ratios(when, *keys, **NO_MINIMUM | settings)

    def point(self, name="P", group="D", nominal=22_000, phases=("A",), **said):
        value = {"record_type": "point", "point": name, "area": "A", "monitoring_class": group}
        value |= {"nominal_centivolts": nominal, "phases": list(phases)} | said
        self.lines.add(NETWORK, f"point/{said.get('area', 'A')}/{name}", "01-01 00:00", value)

    def reading(self, when, value, name="P", arrives=None, **said):
        day, _, clock = when.rpartition(" ")
        self._say(name, "reading", f"{day or DAY} {clock}", arrives, {"value_centivolts": value} | said)

    def frame(self, start, values, name="P", arrives=NEXT, interval=60, **said):
        self._say(name, "frame", start, arrives, {"values_centivolts": values, "interval_seconds": interval} | said)

    def _say(self, name, event_type, when, arrives, said):
        stamp = "start" if event_type == "frame" else "occurred_at"
        value = {"event_type": event_type, "area": "A", "point": name, "source": "ami", "phase": "A"}
        value |= {"recorded_at": rfc(arrives or when), stamp: rfc(when)}
        self.lines.add(VOLTAGE, said.get("area", "A"), arrives or when, value | said)
