"""A contribution's value at every second equals a simulation with single customers, second by second."""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.cases.registry import OUTAGE
from streams.dimensions.periods import local_day
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from tests.support.lives import NETWORK, ZONE, at, facts, outage, value

MIDNIGHT = at("04 00:00")
FIRST, LAST = MIDNIGHT - 20, MIDNIGHT + 30
THRESHOLD = 5
RULES = Reference(NETWORK, Rules(momentary_threshold_seconds=THRESHOLD))
COUNTED = (
    "customers_out",
    "outages_open",
    "customer_interruptions",
    "interruption_seconds",
    "restorations",
    "restoration_seconds",
    "restored_customers",
    "restored_customer_seconds",
)

INSTANTS = st.integers(FIRST, MIDNIGHT + 20)
PLACES = st.sampled_from(("A", "C", ""))
LEVELS = st.dictionaries(PLACES, st.integers(0, 5), min_size=1, max_size=3)
ENTRY = st.tuples(st.booleans(), st.dictionaries(PLACES, st.none() | st.integers(0, 5), min_size=1, max_size=3))


@st.composite
def lifecycles(draw):
    """Starts, ends and initial counts by cycle, and entries (extended?, remaining by area) by instant."""
    starts = draw(st.dictionaries(st.integers(1, 3), INSTANTS, min_size=1))
    ends = draw(st.dictionaries(st.integers(1, 3), INSTANTS))
    counts = {cycle: draw(LEVELS) for cycle in starts}
    return starts, ends, counts, draw(st.dictionaries(INSTANTS, ENTRY, max_size=6))


def stated(lifecycle):
    starts, ends, counts, entries = lifecycle
    events = [outage("started", instant, cycle=cycle) for cycle, instant in starts.items()]
    events += [outage("restored", instant, cycle=cycle) for cycle, instant in ends.items()]
    events += [outage("count_revised", FIRST, cycle=n, areas=dict(areas)) for n, areas in counts.items()]
    for instant, (extended, areas) in entries.items():
        events.append(outage("extended" if extended else "step_restored", instant, areas=dict(areas)))
    return facts(OUTAGE, events)


class Simulation:
    """Customers one by one, each with the seconds without supply; nothing is computed ahead."""

    def __init__(self, lifecycle):
        starts, ends, self.counts, self.entries = lifecycle
        wrong = {cycle for cycle in starts if ends.get(cycle, LAST) < starts[cycle]}
        self.starts = {cycle: start for cycle, start in starts.items() if cycle not in wrong}
        self.ends = {cycle: end for cycle, end in ends.items() if cycle not in wrong}
        self.out, self.records = [], []
        self.blank, self.blanks = {}, []  # areas out without a number of customers: now, and ever
        self.open, self.since, self.ended, self.cycle = False, None, None, 0
        self.begun, self.interruption = False, 0
        self.areas = set()

    def run(self):
        """Yield each second with its expected values."""
        for now in range(FIRST, LAST):
            for cycle in sorted(self.ends):
                if self.ends[cycle] == now and self.starts.get(cycle) != now:
                    self.end(cycle, now)
            for cycle in sorted(self.starts):
                if self.starts[cycle] == now:
                    self.start(cycle, now)
            if now in self.entries:
                self.entry(*self.entries[now], now)
            for cycle in sorted(self.ends):
                if self.ends[cycle] == now == self.starts.get(cycle):
                    self.end(cycle, now)
            yield now, self.expected()
            for customer in (*self.out, *self.blank.values()):
                customer["seconds"] += 1

    def start(self, cycle, now):
        if not self.open:
            self.interrupt(now, self.counts[cycle])
            self.cycle = cycle
        self.cycle = max(cycle, self.cycle)
        for area, customers in self.counts[cycle].items():
            self.level(area, customers, now)

    def interrupt(self, now, areas):
        self.open, self.since, self.begun, self.areas = True, now, True, set()
        self.interruption += 1
        self.everywhere, self.numbered = "" not in areas, set()  # whether who is not named is not out

    def end(self, cycle, now):
        if not self.open:
            return
        self.out = [customer for customer in self.out if customer["cycle"] > cycle]
        if cycle >= self.cycle:
            self.open, self.ended = False, now
            self.blank = {}

    def entry(self, extended, areas, now):  # noqa: C901  one rule after the other, as they are written down
        if not self.begun:
            return
        if not self.open:
            if not extended or now == self.ended:
                return
            self.interrupt(now, areas)
        total = set(areas) == {""} and not any("" in counted for counted in self.counts.values())
        if total and (self.out or self.areas):  # otherwise it is the first statement of the interruption
            target = len(self.out) if areas[""] is None else areas[""]
            if self.numbered and not self.blank and (target < len(self.out)) == extended:
                target = len(self.out)  # it goes the wrong way
            if areas[""] is not None or (self.numbered and not self.blank):
                self.numbered.add("")
                self.blank = {}
            if target < len(self.out):
                self.out.sort(key=lambda customer: (customer["since"], customer["area"]))
                del self.out[: len(self.out) - target]
            elif target > len(self.out):
                self.level("", len(self.at("")) + target - len(self.out), now)
            return
        known = {a for a in areas if a not in self.blank and (self.everywhere or a in self.numbered)}
        for area, remaining in areas.items():
            there = len(self.at(area))
            if remaining is None or (area in known and (remaining < there if extended else remaining > there)):
                self.areas.add(area)
                self.numbered |= {area} & known
                if extended and area not in known and area not in self.blank:
                    blank = {"area": area, "since": now, "seconds": 0, "interruption": self.interruption}
                    self.blank[area] = blank
                    self.blanks.append(blank)
            else:
                self.level(area, remaining, now)

    def at(self, area):
        return [customer for customer in self.out if customer["area"] == area]

    def level(self, area, customers, now):
        self.areas.add(area)
        self.numbered.add(area)
        self.blank.pop(area, None)
        there = self.at(area)
        for customer in sorted(there, key=lambda customer: customer["since"])[: max(0, len(there) - customers)]:
            self.out = [other for other in self.out if other is not customer]
        for _ in range(customers - len(there)):
            customer = {
                "area": area,
                "since": now,
                "cycle": self.cycle,
                "seconds": 0,
                "interruption": self.interruption,
            }
            self.out.append(customer)
            self.records.append(customer)

    def scopes(self, *areas):
        return frozenset(scope for area in areas or self.areas for scope in NETWORK.scopes_of(area))

    def expected(self):
        amounts = Counter()
        for customer in self.out:
            for scope in self.scopes(customer["area"]):
                amounts[f"{scope}|now", "customers_out|fault"] += 1
        if self.open:
            for scope in self.scopes(*{customer["area"] for customer in (*self.out, *self.blank.values())}):
                amounts[f"{scope}|now", "outages_open|fault"] += 1
        for record in self.records:
            if record["seconds"] > THRESHOLD:
                back = not any(record is customer for customer in self.out)
                for scope in self.scopes(record["area"]):
                    day = local_day(record["since"], ZONE)
                    amounts[f"{scope}|{day}", "customer_interruptions|fault"] += 1
                    amounts[f"{scope}|{day}", "interruption_seconds|fault"] += record["seconds"]
                    if back:
                        restored_on = local_day(record["since"] + record["seconds"], ZONE)
                        amounts[f"{scope}|{restored_on}", "restored_customers|fault"] += 1
                        amounts[f"{scope}|{restored_on}", "restored_customer_seconds|fault"] += record["seconds"]
        for scope, day, seconds in self.restored():
            amounts[f"{scope}|{day}", "restorations|fault"] += 1
            amounts[f"{scope}|{day}", "restoration_seconds|fault"] += seconds
        return amounts

    def restored(self):
        """Of each interruption and scope, where all customers are back and some were out for long."""
        everybody, missing = [*self.records, *self.blanks], [*self.out, *self.blank.values()]
        for interruption in range(1, self.interruption + 1):
            for scope in self.scopes(*{customer["area"] for customer in everybody}) if everybody else ():
                there = [c for c in everybody if c["interruption"] == interruption and scope in self.scopes(c["area"])]
                lasting = [customer for customer in there if customer["seconds"] > THRESHOLD]
                if lasting and not any(customer is other for customer in there for other in missing):
                    since = min(customer["since"] for customer in lasting)
                    until = max(customer["since"] + customer["seconds"] for customer in lasting)
                    yield scope, local_day(until, ZONE), until - since


@settings(max_examples=300, deadline=None)
@given(lifecycles())
@example(({1: FIRST}, {}, {1: {"A": 3}}, {FIRST + 10: (False, {"": 1}), FIRST + 15: (True, {"": 4})}))
@example(({1: FIRST, 2: FIRST + 9}, {1: FIRST + 30}, {1: {"A": 3, "": 1}, 2: {"A": 5}}, {FIRST + 3: (False, {"": 0})}))
@example(
    (
        {1: FIRST},
        {1: FIRST},
        {1: {"A": 0}},
        {FIRST: (False, {"A": None}), FIRST + 1: (True, {"": None}), FIRST + 2: (False, {"A": None})},
    )
)
def test_every_second_equals_the_simulation(lifecycle):
    state, seen = stated(lifecycle), None
    for now, expected in Simulation(lifecycle).run():
        if seen is None or now == seen.next_due_at:
            seen = OUTAGE.contribution("X", state, RULES, now)
        found = {
            (cell, measure): amount
            for cell, measure in seen.measures
            if measure.partition("|")[0] in COUNTED and (amount := value(seen, measure, cell, now))
        }
        assert found == {key: amount for key, amount in expected.items() if amount}
