"""One wrong thing at a time in the service's pure code: formulas, limits, zones, and which instant decides the day."""

import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any, NamedTuple


class Mutation(NamedTuple):
    """In the source of `streams.<module>`, `right` (which stands there once) becomes `wrong`."""

    module: str
    right: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.module}: {self.right} -> {self.wrong}"


@contextmanager
def mutated(mutation: Mutation) -> Iterator[None]:
    """Functions keep their identity and get the wrong code, so that whoever imported them has it too."""
    module = importlib.import_module(f"streams.{mutation.module}")
    source = inspect.getsource(module)
    assert source.count(mutation.right) == 1, (source.count(mutation.right), mutation)
    fresh = {"__name__": module.__name__}
    exec(compile(source.replace(mutation.right, mutation.wrong), f"{module.__name__}", "exec"), fresh)
    wrong = dict(_functions(fresh, module))
    changed = [
        (function, function.__code__, wrong[name].__code__)
        for name, function in _functions(vars(module), module)
        if not _same(function.__code__, wrong[name].__code__)
    ]
    assert changed, mutation
    _forget()
    try:
        for function, _, code in changed:
            function.__code__ = code
        yield
    finally:
        for function, code, _ in changed:
            function.__code__ = code
        _forget()


def _functions(names: dict[str, Any], module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for name, value in names.items():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, type):
            for attribute, member in vars(value).items():
                function = inspect.unwrap(getattr(member, "fget", member) or member)
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    yield f"{name}.{attribute}", function
        elif isinstance(function := inspect.unwrap(value), FunctionType):
            yield name, function


def _same(one: Any, other: Any) -> bool:
    """Whether two code objects do the same, nested ones included, wherever they stand."""
    consts = [(a, b) for a, b in zip(one.co_consts, other.co_consts, strict=False) if hasattr(a, "co_code")]
    plain = [[const for const in code.co_consts if not hasattr(const, "co_code")] for code in (one, other)]
    return (
        one.co_code == other.co_code
        and one.co_names == other.co_names
        and len(one.co_consts) == len(other.co_consts)
        and plain[0] == plain[1]
        and all(_same(a, b) for a, b in consts if hasattr(b, "co_code"))
    )


def _forget() -> None:
    """What was computed and kept."""
    kept = (
        "agents.placement",
        "dimensions.periods",
        "cases.point_contribution",
        "cases.point_clocks",
        "cases.point_intake",
        "reference.calendars",
        "sla.worktime",
    )
    for name in kept:
        for value in vars(importlib.import_module(f"streams.{name}")).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


# Which partition a record belongs to: of a wrong answer some records count twice, others nowhere.
PLACES: tuple[Mutation, ...] = tuple(
    Mutation("agents.placement", right, wrong)
    for right, wrong in (
        ("(murmur2(key) & POSITIVE) % partitions\n", "murmur2(key) % partitions\n"),
        ("(murmur2(key) & POSITIVE) % partitions\n", "abs(murmur2(key)) % partitions\n"),
        ("(murmur2(key) & POSITIVE) % partitions\n", "hash(key) % partitions\n"),
        ("if key is not None and place_of(key, self._partitions) != self._partition}", "if key is not None and False}"),
        ("[record for record in records if record.key not in foreign]", "records"),
        ("if not self._checked:\n            return records, []", "if self._checked:\n            return records, []"),
    )
)
UTC = '"UTC"'
CASES: tuple[Mutation, ...] = tuple(
    Mutation(module, right, wrong)
    for module, changes in {
        "cases.admission": (("rules.case_horizon_seconds:", "rules.correction_horizon_seconds:"),),
        "cases.outage_cells": (
            ('"now", step.customers)', '"now", step.customers + 1)'),
            ('f"outages_open|{self.group}"', '"outages_open|fault"'),
            ('f"outages_by_state|{self.group}|{self.state}"', 'f"outages_by_state|{self.group}|active"'),
            ("if seconds < hours * HOUR:", "if seconds <= hours * HOUR:"),
            ("else until) - since > threshold", "else until) - since >= threshold"),
            ("else until) - since > threshold", "else until) - since > 0"),
            ("if area and area not in areas:", "if area not in areas:"),
            ("day = local_day(since, zone)", f"day = local_day(since, {UTC})"),
            ("day = local_day(since, zone)", "day = local_day(until or self.now, zone)"),
            ("day = until - since, local_day(until, self.rules.zone)", f"day = until - since, local_day(until, {UTC})"),
            ("until - since, local_day(until, self.", "until - since, local_day(since, self."),
            ("min(first, since), end", "max(first, since), end"),
            ("max(last, until)", "min(last, until)"),
            ("without or current.areas", "current.areas"),
            ("number == 1 and", "number == 2 and"),
            ("restored_on = until - since, local_day(until, zone)", "restored_on = until - since, day"),
            (
                'f"restored_customers|{group}", restored_on, customers)',
                'f"restored_customers|{group}", restored_on, 1)',
            ),
            ('{minutes}", restored_on, customers)', '{minutes}", restored_on, 1)'),
            ("yield area, (each.since, each.until, each.interruption)", "pass"),
            (
                "yield step.area, (step.since, step.until, step.interruption)",
                "yield step.area, (step.since, step.until, 0)",
            ),
            ('seconds|{group}", day, customers * lasted)', 'seconds|{group}", day, customers * lasted + 1)'),
            ('f"customer_interruptions|{group}", day, customers)', 'f"customer_interruptions|{group}", day, 1)'),
            ("minutes = -(-lasted // MINUTE)", "minutes = lasted // MINUTE"),
            ("{self.group}|{-(-lasted // MINUTE)}", "{self.group}|{lasted // MINUTE}"),
            (
                'f"restoration_seconds|{self.group}", day, lasted)',
                'f"restoration_seconds|{self.group}", day, lasted + 1)',
            ),
        ),
        "cases.entries": (
            ("remaining = before - restored\n", "remaining = before - restored + 1\n"),
            ("restored - before))", "restored - before + 1))"),
            ("remaining = before\n    return", "pass\n    return"),
            ("abs(before - restored - remaining)", "remaining"),
            ("remaining > before):", "remaining > before + 10):"),
        ),
        "cases.in_question": (
            ("step, step.customers)\n            for", "step, 0)\n            for"),
            ("self._day(each.since)) or 0", "self._day(self._now)) or 0"),
            ("self._day(each.since)) or 0", "self._day(each.since)) and 0"),
            ("recent = self._now < ends", "recent = self._now <= ends"),
            ("step.until > split_at:", "step.until >= split_at - 1800:"),
            ("0, now=True, day=None)", "1, now=True, day=None)"),
            ("out - most, now=True", "out, now=True"),
            ("if limit is not None:  # 0", "if limit:  # 0"),
            ("days[day] = max(", "days[day] = min("),
            ("now=until is None, day=day)", "now=True, day=day)"),
            ("until is None else until) - since > threshold", "until is None else until) - since > -1"),
            ("(scope, day, each.rule) not in cells", "True"),
            ("day = self._day(since) if", "day = self._day(self._now) if"),
        ),
        "reference.served": (("max(known, first)", "min(known, first)"),),
        "publish.outlook": (
            ("since = None if known[0][0] == days[0] else known[0][0]", "since = None"),
            ("more > 0", "more > 10**6"),
            ('"customers": in_question', '"customers": number'),
        ),
        "kpis.saidi": (("scale=60", "scale=3600"),),
        "kpis.saifi": (('per_customer(sums, "customer_interruptions"', 'per_customer(sums, "interruptions_unserved"'),),
        "kpis.caidi": (("scale=60", "scale=1"),),
        "kpis.restoration_time": (
            ('sums.total("restorations"), NOTHING, scale=60', 'sums.total("restorations"), NOTHING'),
            ('"restoration_minutes"), 50, NOTHING', '"restoration_minutes"), 80, NOTHING'),
            ('"restoration_minutes"), 90, NOTHING', '"restoration_minutes"), 50, NOTHING'),
            ('"restored_customer_minutes"), 50, NOTHING', '"restored_customer_minutes"), 90, NOTHING'),
            ('"restored_customer_minutes"), 90, NOTHING', '"restored_customer_minutes"), 50, NOTHING'),
            ('sums.total("restored_customers"), NOTHING, scale=60', 'sums.total("restored_customers"), NOTHING'),
        ),
        "kpis.arrival_time": (("scale=60", "scale=1"), ("50, NOTHING", "90, NOTHING"), ("90, NOTHING", "50, NOTHING")),
        "kpis.arrival_on_time": (('sums.total("arrivals_on_time"), ', 'sums.total("arrivals_due"), '),),
        "kpis.formulas": (
            ("sums.total(name) * served.days", "sums.total(name)"),
            ('if sums.total("interruptions_unserved"):', "if False:"),
            ("-(-percent * size // 100)", "percent * size // 100"),
        ),
        "cases.order": (
            ('if name == "dispatched" and answered:', "if False:"),
            ("arrived is not None and arrived < reported", "arrived is not None and arrived <= reported"),
            ("day = local_day(reported, self.reference.rules.zone)", f"day = local_day(reported, {UTC})"),
            (
                "day = local_day(reported, self.reference.rules.zone)",
                "day = local_day(arrived or clock.deadline_at, self.reference.rules.zone)",
            ),
            ('"arrival_seconds", day, seconds)', '"arrival_seconds", day, seconds + 1)'),
            ("-(-seconds // 60)", "seconds // 60"),
            ('f"orders_open|{order.state}"', '"orders_open|created"'),
        ),
        "cases.complaint": (
            ("day = local_day(self.accepted_at, self.rules.zone)", f"day = local_day(self.accepted_at, {UTC})"),
            ("day = local_day(self.accepted_at, self.rules.zone)", "day = local_day(self.now, self.rules.zone)"),
            ('measures.count(self.scopes, "complaints_opened", day)', "pass"),
            ("if self.lifecycle.withdrawn_at is None:", "if True:"),
            ("local_day(lifecycle.closed_at, zone)", f"local_day(lifecycle.closed_at, {UTC})"),
            ("local_day(lifecycle.closed_at, zone)", "local_day(self.accepted_at, zone)"),
            ("local_day(lifecycle.first_closed_at, zone)", f"local_day(lifecycle.first_closed_at, {UTC})"),
            ("local_day(lifecycle.first_closed_at, zone)", "local_day(self.accepted_at, zone)"),
            ("if lifecycle.reopened:", "if not lifecycle.reopened:"),
            ('f"customer_cases_accepted|{self.case_kind}"', '"customer_cases_accepted|complaint"'),
            ("if passed < end:", "if passed <= end:"),
            ("self.reply.status == BREACHED", "self.reply.status != BREACHED"),
            ('f"complaints_by_state|{self.lifecycle.state}"', '"complaints_by_state|accepted"'),
            ('self.scopes, "complaints_open")', 'self.places, "complaints_open")'),
            ("local_day(self.now, zone)", f"local_day(self.now, {UTC})"),
        ),
        "sla.clocks": (
            ("MET if _in_time(stopped, deadline)", "MET if deadline is None or stopped.at < deadline"),
            ("if now > deadline:", "if now >= deadline:"),
            ("and _in_time(voided, deadline):", "and (deadline is None or voided.at < deadline):"),
            ("return UNPROVEN if deadline is None or now <= deadline else BREACHED", "return VOID"),
            ("stopped.at < deadline else MET, stopped", "stopped.at <= deadline else MET, stopped"),
            ("FINAL_WARNING if len(passed) == len(warnings) else FIRST_WARNING", "FINAL_WARNING"),
        ),
        "sla.runs": (
            ("if ended is None or end.at <= ended.at]\n    if not", "]\n    if not"),
            ("if following <= version.at:", "if following < version.at:"),
            ("if following <= version.at:", "if True:"),
            ("(-grace if rule.early else grace)", "grace"),
            ("else min(due, run.begun_at)", "else due"),
            ("rule.due == ESTIMATE and version", "version"),
            ("version.stated_at + 1)", "0)"),
        ),
        "cases.plans": (
            ("return noticed.start <= version.start <= noticed.end", "return True"),
            ("assumed=True)]", "assumed=False)]"),
        ),
        "sla.worktime": (
            ("reached._replace(at=reached.at - 1)", "reached"),
            ("-(-self.total * percent // 100)", "self.total"),
        ),
        "cases.clock_shares": (
            ("local_day(clock.started_at, zone)", f"local_day(clock.started_at, {UTC})"),
            ("if clock.decided:", "if clock.status != 'running':"),
            ("obligation = clock.rule.obligation", "obligation = 'law'"),
        ),
        "cases.milestones": (
            (
                "(area and area.area_type) or UNKNOWN,),\n        ended=ended,\n        waits",
                "UNKNOWN,),\n        ended=ended,\n        waits",
            ),
            ('ended = End(lifecycle.closed_at, "closed")', "ended = None"),
            ("default=first), *begins[1:]]", "default=first)]"),
            ("End(max(ended.at, reported), ended.fact)", "ended"),
        ),
        "kpis.sla": (
            ('quotient(sums.total("sla_on_time"), ', 'quotient(sums.total("sla_due"), '),
            ('sums.total("sla_due") - sums.total("sla_on_time")', 'sums.total("sla_due")'),
        ),
        "cases.complaint_lifecycle": (
            ("in happened.get(name, ()) if at >= accepted_at\n", "in happened.get(name, ()) if at > accepted_at\n"),
            ("present[0] if present", "present[-1] if present"),
        ),
        "sla.calendar": (
            ("return (_weekday_worked(day), False) if known is None else (known, True)", "return True, True"),
            ("astimezone(ZoneInfo(zone))", "astimezone(UTC)"),
        ),
        "kpis.complaint_closure": (
            ('sums.total("complaints_cohort_closed"), ', 'sums.total("complaints_cohort"), '),
            ('sums.total("complaints_closed"), ', '2 * sums.total("complaints_closed"), '),
        ),
        "kpis.complaint_contact": (("quotient(on_time, due", "quotient(due - on_time, due"),),
        "kpis.complaint_reply": (("quotient(on_time, due", "quotient(due - on_time, due"),),
        "kpis.complaint_reopen": (('sums.total("complaints_reopened"), ', '2 * sums.total("complaints_reopened"), '),),
    }.items()
    for right, wrong in changes
)
DAY = """start, end = day_start(day, view.zone), day_end(day, view.zone)
    if now < start:
        return NOT_TOLD
    rows = _rows(point, view, day, book)
    counted ="""
VOLTAGE: tuple[Mutation, ...] = tuple(
    Mutation(module, right, wrong)
    for module, changes in {
        "cases.point_clocks": (
            ("clock.decided:", "clock.status != 'running':"),
            ("start <= run.started_at < end", "start <= run.begins < end"),
            ("[run.ended_at] for fact", "[run.ended_at - 1] for fact"),
            ("interval_seconds=run.interval", "interval_seconds=900"),
        ),
        "cases.point_runs": (
            ("Run(SILENT, last[1], last[0], start, (HEARD,)", "Run(SILENT, last[0], last[0], start, (HEARD,)"),
            ("length if mean else -(-length", "length if not mean else -(-length"),
            ("slot + length if mean else slot, interval", "slot, interval"),
            ("WITHIN if verdict == COMPLIANT else NOT_KNOWN", "WITHIN"),
            ("if begin > until:", "if begin >= until:"),
        ),
        "kpis.sla": (
            ('quotient(sums.total("sla_on_time"), ', 'quotient(sums.total("sla_due"), '),
            ('sums.total("sla_due") - sums.total("sla_on_time")', 'sums.total("sla_due")'),
        ),
        "cases.point_limits": (
            ("max(low, plausible_from)", "max(low - 1, plausible_from)"),
            ("min(high, SUSPECT", "min(high + 1, SUSPECT"),
            ("OVER if value > high else UNDER", "UNDER if value > high else OVER"),
            ("nominal * 107 // 100", "nominal * 110 // 100"),
            ("90 if single_phase", "93 if single_phase"),
            ("primary <= SINGLE", "nominal <= SINGLE"),
            ("primary <= SINGLE", "primary < SINGLE"),
            ("primary >= FLOATING_MIN", "primary > FLOATING_MIN"),
            ("return primary <= LOW_VOLTAGE_MAX", "return primary < LOW_VOLTAGE_MAX"),
            ("level_of(primary,", "level_of(nominal,"),
            ("value * 100 > SEVERE_ABOVE * nominal", "value * 100 >= SEVERE_ABOVE * nominal"),
            ("value * 100 < SEVERE_BELOW * nominal", "value * 100 <= SEVERE_BELOW * nominal"),
            ("value < plausible_from or", "value <= plausible_from or"),
            ("nominal * SUSPECT_UP_TO // 100 + 1", "nominal * SUSPECT_UP_TO // 100"),
            ("-(-nominal * SUSPECT_BELOW_LOW_VOLTAGE // 100)", "-(-nominal // 10)"),
            ("if limits.low_voltage:", "if True:"),
            ("value >= SUSPECT_FROM_TIMES", "value > SUSPECT_FROM_TIMES"),
            ("qualities and not USABLE.issuperset(qualities)", "qualities and USABLE.issuperset(qualities)"),
            ("deviation * 100 <= ", "deviation * 100 < "),
            ("up - down if up > 0 > down", "up + down if up > 0 > down"),
            ("OVER if up >= abs(down)", "OVER if up > abs(down)"),
        ),
        "cases.point_segments": (
            ("since = start if slot < start else slot", "since = slot"),
            ("if cut_at < until:", "if False:"),
            ("if until > (now if mean else full):", "if until > now:"),
            ("until = slot if mean else full", "until = full"),
            ("return self.compliant + self.over + self.under", "return self.compliant + self.over"),
            ("length + length_of(length, mean=False) if mean else length", "length"),
            ("min(holds_until, known[position][0])", "holds_until"),
        ),
        "cases.point_contribution": (
            (DAY, DAY.replace("view.zone", UTC)),
            ("slots_of(rows, (start, end), now)", "slots_of(rows, (start + 28_800, end + 28_800), now)"),
            ("phases * (end - start), 0)", "end - start, 0)"),
            ("DayTold(counted, 0, phases)", "DayTold(counted, 0, 1)"),
            ("if state.silent:", "if not state.silent:"),
            ("if state.unjudged == SUSPECT:", "if state.unjudged:"),
            ("    if state.out:\n        amounts", "    if state.out_long:\n        amounts"),
            ('("excluded", excluded),', '("excluded", suspect),'),
            ("OVER if counted.over else UNDER", "UNDER if counted.over else OVER"),
        ),
        "cases.point_rates": (
            ("_rounded(compliant * BILLION, monitored)", "compliant * BILLION // monitored"),
            ("a + sign * compliant, b", "a, b"),
            ('(period, f"voltage_points|{view.group}"): (1, 0)', '(period, f"voltage_points|{view.group}"): (2, 0)'),
        ),
        "cases.point_weeks": (
            ("percent > nominal * ABOVE", "percent >= nominal * ABOVE"),
            ("percent < nominal * FAR_BELOW", "percent <= nominal * FAR_BELOW"),
            ("percent < nominal * BELOW", "percent <= nominal * BELOW"),
            ("return BEYOND", "return OUTSIDE"),
            ("OUTSIDE_PERCENT * valid", "4 * valid"),
            ("PERCENT * outside <=", "PERCENT * outside <"),
            ("beyond == 0 and ", ""),
            ("if verdict in OUT_OR_IN else", "if verdict else"),
            ("start <= slot < end", "start < slot <= end"),
            ("min(slot + length, after) <= now", "slot <= now"),
            ("        if passed:", "        if True:"),
            ("key = week_of(day), phase", 'key = week_of(day), ""'),
        ),
        "dimensions.periods": (
            ("date.fromisoformat(day).isocalendar()", "(date.fromisoformat(day) + timedelta(days=1)).isocalendar()"),
        ),
        "cases.points": (("in area.out.items() if count}", "in area.out.items() if count > 1}"),),
        "cases.point_state": (
            ("cover.start <= now < cover.holds_until", "cover.start < now < cover.holds_until"),
            ("if now - since > LONG}", "if now - since >= LONG}"),
            ("OVER if OVER in verdicts else max", "max"),
            ("if before.holds_until != since or", "if"),
            ("0 if out else SUSPECT if", "SUSPECT if"),
            ("SUSPECT if SUSPECT in holding", "SUSPECT if holding == {SUSPECT}"),
        ),
        "facts.book": (("return revision, rank, recorded, value,", "return rank, recorded, revision, value,"),),
        "facts.profile": (
            ("return mean and length == TEN_MINUTES", "return length == TEN_MINUTES"),
            ("return mean and length == TEN_MINUTES", "return mean"),
            ("HOLD_NUMERATOR * interval // HOLD_DENOMINATOR", "2 * interval"),
            ("said = (tag[1], recorded, source)", "said = (source, tag[1], recorded)"),
        ),
        "cases.point_intake": (("(interval if how.kind ==", "(0 if how.kind =="),),
        "kpis.voltage_combined": (
            ("len(others) * first + sum(others)", "first + sum(others)"),
            ("2 * rest == points and whole % 2", "True"),
        ),
        "kpis.voltage_compliance": (
            ('sums.total("voltage_rate_ppb"), ', '2 * sums.total("voltage_rate_ppb"), '),
            ('quotient(sums.total("voltage_compliant_seconds"), ', "quotient(monitored, "),
        ),
        "kpis.voltage_en50160": (('sums.total("voltage_en50160_passed")', '2 * sums.total("voltage_en50160_passed")'),),
        "kpis.voltage_coverage": (("map(sums.total, COVERED)", "map(sums.total, MONITORED)"),),
    }.items()
    for right, wrong in changes
)
