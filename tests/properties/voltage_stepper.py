"""What voltage points contribute, once more and from the definitions alone: every step of time is looked at by itself.

All instants of a test are multiples of `TICK` seconds, so one look stands for that many seconds.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from tests.properties.voltage_clock_stepper import Look, clocks

TICK = 50
USABLE = {0, 7, 14, 17, 18, 19}
ODD = 20  # beyond the qualities: nobody knows how to read the value
CONNECTIONS = ("single_phase", "phase_to_neutral", "phase_to_phase")
TWO_DAYS = 2 * 86_400
GRID, LONG = 300, 900
QUARTER = 900
MONITORED = ("compliant", "over", "under")


@cache
def day_of(quarter, zone):
    """The local date: midnight is the begin of a quarter of an hour everywhere."""
    return datetime.fromtimestamp(quarter * QUARTER, zone).date().isoformat()


class Stepper:
    """All that was said so far: `said` are (event as a dict with instants in seconds, record timestamp)."""

    def __init__(self, said, network, rules, owns, zone):
        self.said, self.network, self.rules, self.owns, self.zone = said, network, rules, owns, ZoneInfo(zone)

    def day(self, at):
        return day_of(at // QUARTER, self.zone)

    def winners(self):
        """Of each point: what holds, by phase and slot."""
        versions = defaultdict(dict)
        for event, sent in self.said:
            for slot, value, qualities in values(event):
                interval = event.get("interval_seconds", self.rules.voltage_interval_seconds)
                mean = kind_of(event) == "mean"
                sealed = slot + TWO_DAYS
                rank = 2 if event["recorded_at"] >= sealed else 1 if sent < sealed else 0
                number = -1 if value is None else value
                version = (event.get("revision", 0), rank, event["recorded_at"], number, qualities, interval, mean)
                phase = event.get("phase", "-")
                place = (event["area"], event["point"]), phase if phase in {"A", "B", "C", "-"} else "other", slot
                of_source = versions[place]
                of_source[event["source"]] = max(version, of_source.get(event["source"], version))
        found = defaultdict(lambda: defaultdict(dict))
        for (point, phase, slot), by_source in versions.items():
            source = max(by_source, key=lambda name: (*by_source[name][1:3], name))
            found[point][phase][slot] = by_source[source]
        return found

    def info(self, point):
        return self.network.points.get(point)

    def nominal(self, point):
        """None too where the connection is on no list: nobody knows the limits."""
        if self.connection(point) not in {None, *CONNECTIONS}:
            return None
        info = self.info(point)
        return self.own(point, "nominal_centivolts") if info is None else info.nominal_centivolts

    def connection(self, point):
        info = self.info(point)
        return self.own(point, "connection") if info is None else info.connection

    def own(self, point, field):
        """What the readings of a point say of its supply."""
        told = [
            [event.get("revision", 0), event["recorded_at"], event["source"], event[field]]
            for event, _ in self.said
            if (event["area"], event["point"]) == point and event.get(field)
        ]
        return max(told)[3] if told else None

    def verdict(self, point, value, qualities):
        nominal, info = self.nominal(point), self.info(point)
        if nominal is None or not USABLE.issuperset({*qualities} - {ODD}):
            return "excluded"
        if ODD in qualities:
            return "suspect"
        primary, connection = nominal * (info.transformer_ratio if info else 1), self.connection(point)
        if connection == "phase_to_neutral":
            primary = round(primary * 3**0.5, -3)  # to 10 V
        least = Fraction(nominal, 5) if primary <= 100_000 else Fraction(nominal, 10)
        if value < least or value >= 2 * nominal or power_of_ten(value, nominal) is not None:
            return "suspect"
        if primary >= 3_500_000:
            return "floating"
        single = connection == "single_phase" or (connection is None and primary <= 25_000)
        low, high = Fraction(nominal * (90 if single else 93), 100), Fraction(nominal * 107, 100)
        return "over" if value > high else "under" if value < low else "compliant"

    def paint(self, point, by_slot, now):
        """Of one phase at every tick that is covered, or spoken of: verdict, value, whether it counts by now, slot."""
        known = sorted((slot, version) for slot, version in by_slot.items() if version[3] >= 0)
        painted = {}
        for (slot, version), following in zip(known, [*(slot for slot, _ in known[1:]), None], strict=False):
            *_, value, qualities, interval, mean = version
            end = slot + (interval if mean else 3 * interval // 2)
            spoken = end + 3 * interval // 2 if mean else end
            if following is not None:
                end, spoken = min(end, following), min(spoken, following)
            verdict = self.verdict(point, value, qualities)
            for at in range(slot, spoken, TICK):
                counts = at < end and (end <= now if mean else at < now // GRID * GRID)
                painted[at] = verdict, value, counts, slot
        return painted

    def days(self, painted):
        """Seconds that count, by day and verdict."""
        counted, extremes = defaultdict(Counter), defaultdict(list)
        for of_phase in painted.values():
            for at, (verdict, value, counts, _) in of_phase.items():
                if counts:
                    counted[self.day(at)][verdict] += TICK
                    if verdict == "floating":
                        extremes[self.day(at)].append(value)
        return counted, extremes

    def measures(self, now):
        """By (scope, period, measure): the amounts as of `now`, zero ones left out."""
        winners, found, areas_out = self.winners(), Counter(), set()
        points = set(winners)
        points |= {point for point in self.network.points if self.owns(point[0])}
        self.summaries = {}
        for point in sorted(points):
            here, findings = self.of_point(point, winners.get(point, {}), now)
            scopes = (*self.network.scopes_of(point[0]), f"area={point[0]}")
            for (period, measure), amount in here.items():
                for scope in scopes:
                    found[scope, period, measure] += amount
                if measure.startswith("voltage_points_out|"):
                    areas_out |= {(scope, point[0], measure.split("|")[1]) for scope in scopes}
            out = [measure.split("|")[1] for _, measure in here if measure.startswith("voltage_points_out|")]
            suspect = any(measure.startswith("voltage_points_suspect|") for _, measure in here)
            if out or suspect or findings or any(measure.startswith("sla_open|") for _, measure in here):
                self.summaries[point] = (*out, *sorted(findings))
        for scope, _, direction in areas_out:
            found[scope, "now", f"voltage_areas_out|{direction}"] += 1
        return +found

    def of_point(self, point, by_phase, now):
        info, nominal = self.info(point), self.nominal(point)
        group = info.monitoring_class if info else "unknown"
        painted = {phase: self.paint(point, by_slot, now) for phase, by_slot in by_phase.items()}
        counted, extremes = self.days(painted)
        judged = {day: of_day(max(values), min(values), nominal) for day, values in extremes.items()}
        for day, verdict in judged.items():
            counted[day][verdict] += counted[day].pop("floating")
        found = Counter({("now", f"voltage_points_known|{group}"): 1})
        expected = self.expected(info, by_phase, now, group)
        due = {day: Counter(expected=seconds) for (day, _), seconds in expected.items() if day < self.day(now)}
        for day, sums in due.items():
            sums["covered"] = sum(counted[day][verdict] for verdict in (*MONITORED, "excluded"))
        coverage = self.periods(due, self.day(now))
        low = {
            period
            for period, sums in coverage.items()
            if 100 * sums["covered"] < self.rules.voltage_min_coverage_percent * sums["expected"]
        }
        found.update({(period, f"voltage_points_low_coverage|{group}"): 1 for period in low})
        for period, sums in self.periods(counted, self.day(now)).items():
            monitored = sum(sums[verdict] for verdict in MONITORED)
            if monitored and period not in low:
                found[period, f"voltage_rate_ppb|{group}"] = round(Fraction(sums["compliant"] * 10**9, monitored))
                found[period, f"voltage_points|{group}"] = 1
        for day, sums in counted.items():
            for verdict, amount in sums.items():
                found[day, f"voltage_{verdict}_seconds|{group}"] = amount
        found.update(self.weeks(point, by_phase, now, group))
        found.update(expected)
        found.update(self.promises(point, by_phase, now))
        found.update(self.present(painted, judged.get(self.day(now)), now, group))
        yesterday = (date.fromisoformat(self.day(now)) - timedelta(days=1)).isoformat()
        unknown = info is None and self.own(point, "nominal_centivolts") is None
        findings = {"nominal_unknown"} if unknown else set()
        findings |= {"point_not_in_network"} if info is None else set()
        if not by_phase:
            since = self.expected_from(info, by_phase)
            findings = {"point_never_reported"} if since is not None and since <= self.day(now) else set()
            found.update({("now", f"voltage_points_missing|{group}"): 1 for _ in findings})
        findings |= {"voltage_suspect"} if any(counted[day]["suspect"] for day in (yesterday, self.day(now))) else set()
        if "voltage_suspect" in findings and nominal is not None:
            values = [
                (slot, phase, value)
                for phase, of_phase in painted.items()
                for verdict, value, counts, slot in of_phase.values()
                if verdict == "suspect" and counts and self.day(slot) in (yesterday, self.day(now))
            ]
            odd = [True for slot, phase, _ in values if ODD in by_phase[phase][slot][4]]
            findings |= {"unlisted_value"} if odd else set()
            power = power_of_ten(max(values)[2], nominal) if values else None
            findings |= set() if power is None else {f"voltage_{10 ** abs(power)}x_{'high' if power > 0 else 'low'}"}
        strange = self.connection(point) not in {None, *CONNECTIONS} or (info is not None and info.unlisted)
        findings |= {"unlisted_value"} if strange else set()
        found.update({("now", f"findings|{rule}"): 1 for rule in findings})
        return found, findings

    def periods(self, counted, today):
        """The seconds of each day, of each month and of the last 30 days."""
        first = (date.fromisoformat(today) - timedelta(days=29)).isoformat()
        sums = defaultdict(Counter)
        for day, seconds in counted.items():
            for period in (day, day[:7], *(["last30d"] if first <= day <= today else [])):
                sums[period] += Counter(seconds)
        return sums

    def weeks(self, point, by_phase, now, group):
        """EN 50160: by week and phase, how far from the nominal voltage each 10-minute mean that is over lies."""
        deviations, nominal, info = defaultdict(list), self.nominal(point), self.info(point)
        if nominal is None or nominal * (info.transformer_ratio if info else 1) > 100_000:
            return {}
        for phase, by_slot in by_phase.items():
            known = sorted(slot for slot, version in by_slot.items() if version[3] >= 0)
            for slot in known:
                *_, value, qualities, interval, mean = by_slot[slot]
                over = min([slot + interval, *(later for later in known if later > slot)]) <= now
                if mean and interval == 600 and over and self.verdict(point, value, qualities) in MONITORED:
                    week = datetime.fromtimestamp(slot, self.zone).strftime("%G-W%V")
                    deviations[week, phase].append(Fraction(value - nominal, nominal))
        found = {}
        for week in {week for week, _ in deviations}:
            monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").replace(tzinfo=self.zone)
            slots = ((monday + timedelta(days=7)).timestamp() - monday.timestamp()) / 600
            phases = [each for (of_week, _), each in deviations.items() if of_week == week]
            judged = [each for each in phases if len(each) * 100 >= slots * self.rules.voltage_week_min_share_percent]
            passed = [each for each in judged if passes(each)]
            if len(passed) < len(judged):
                found[week, f"voltage_en50160_points|{group}"] = 1
            elif len(passed) < len(phases) or (info and len(passed) < len(info.phases)):
                found[week, f"voltage_en50160_unknown|{group}"] = 1
            else:
                found[week, f"voltage_en50160_points|{group}"] = found[week, f"voltage_en50160_passed|{group}"] = 1
        return found

    def expected_from(self, info, by_phase):
        slots = [slot for by_slot in by_phase.values() for slot in by_slot]
        slots += [info.loaded_at] if info and info.loaded_at is not None else []
        since = info.monitored_from if info else None
        return since or (self.day(min(slots)) if slots else None)

    def expected(self, info, by_phase, now, group):
        since = self.expected_from(info, by_phase)
        phases = len(info.phases) if info else len(by_phase)
        found = Counter()
        if since is not None:
            midnight = datetime.fromisoformat(since).replace(tzinfo=self.zone)
            for at in range(int(midnight.timestamp()), now, TICK):
                found[self.day(at), f"voltage_expected_seconds|{group}"] += phases * TICK
        return found

    def promises(self, point, by_phase, now):
        """Of the shipped clocks: due and kept by the day of their begin, late now."""
        if self.info(point) is None:
            return {}
        looks = {}
        for phase, by_slot in by_phase.items():
            looks[phase] = of_phase = {}
            for at, (verdict, value, _, slot) in self.paint(point, by_slot, now).items():
                *_, interval, mean = by_slot[slot]
                kind = {"over": "out", "under": "out", "compliant": "within"}.get(verdict, "unknown")
                severe = kind == "out" and abs(Fraction(value, self.nominal(point)) - 1) > Fraction(15, 100)
                of_phase[at] = Look(kind, severe, slot + interval * mean, interval)
        found = Counter()
        for name, start, due, kept, stage in clocks(looks, now, TICK):
            found[self.day(start), f"sla_due|{name}"] += due
            found[self.day(start), f"sla_on_time|{name}"] += kept
            found["now", f"sla_open|{name}|{stage}"] += stage is not None
        return +found

    def present(self, painted, verdict_today, now, group):
        """Which phases are out of limits now, and for how long; a floating point's by what was measured today."""
        out, long, holding = set(), set(), set()
        for of_phase in painted.values():
            verdicts = {
                at: ((verdict_today or "compliant") if self.day(slot) == self.day(now) else "compliant")
                if verdict == "floating"
                else verdict
                for at, (verdict, _, _, slot) in of_phase.items()
                if at <= now
            }
            holding |= {verdicts[now]} if now in verdicts else set()
            since = now
            while verdicts.get(since) in ("over", "under"):
                since -= TICK
            if since < now:
                out.add(verdicts[now])
            if now - (since + TICK) > LONG:
                long.add(verdicts[now])
        found = {} if holding else {("now", f"voltage_points_silent|{group}"): 1}
        if "suspect" in holding and not out:
            found["now", f"voltage_points_suspect|{group}"] = 1
        for name, directions in (("out", out), ("out_long", long)):
            if directions:
                found["now", f"voltage_points_{name}|{min(directions)}|{group}"] = 1  # over before under
        return found


def passes(deviations):
    """95 % within 10 %, and all within +10 % and -15 %."""
    within = sum(abs(each) <= Fraction(1, 10) for each in deviations)
    extreme = max(deviations) > Fraction(1, 10) or min(deviations) < Fraction(-15, 100)
    return not extreme and Fraction(within, len(deviations)) >= Fraction(95, 100)


def power_of_ten(value, nominal):
    """By which a value is off, to within 20 % of the nominal voltage; 1: ten times too high."""
    return next(
        (n for n in (-3, -2, -1, 1, 2, 3) if abs(value / Fraction(10) ** n / nominal - 1) <= Fraction(1, 5)), None
    )


def of_day(greatest, least, nominal):
    """From 35 kV on."""
    up, down = Fraction(greatest - nominal, nominal), Fraction(least - nominal, nominal)
    deviation = up + abs(down) if up > 0 > down else max(abs(up), abs(down))
    if deviation <= Fraction(1, 10):
        return "compliant"
    return "over" if up >= abs(down) else "under"


def kind_of(event):
    said = event.get("value_kind")
    default = "mean" if event["event_type"] == "frame" else "instantaneous"
    return said if said in {"mean", "instantaneous"} else default


def values(event):
    """Slot, value and sorted qualities of each value of an event."""
    frame = event["event_type"] == "frame"
    stamp = event.get("stamp")
    listed = event.get("phase", "A") in {"A", "B", "C"} and event.get("value_kind", kind_of(event)) == kind_of(event)
    odd = () if listed else (ODD,)
    if stamp not in {"start", "end"}:
        odd = (ODD,) if stamp is not None and kind_of(event) == "mean" else odd
        stamp = "start" if frame else "end"
    interval = event.get("interval_seconds", 900)
    back = interval if kind_of(event) == "mean" and stamp == "end" else 0
    if not frame:
        qualities = (*(event.get("qualities") or ()), *odd)
        yield event["occurred_at"] - back, event["value_centivolts"], tuple(sorted(qualities))
        return
    qualities = event.get("qualities") or [None] * len(event["values_centivolts"])
    for number, (value, quality) in enumerate(zip(event["values_centivolts"], qualities, strict=True)):
        yield event["start"] - back + number * interval, value, (*(() if quality is None else (quality,)), *odd)
