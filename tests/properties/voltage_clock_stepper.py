"""The clocks of one voltage point, once more: every step of time is asked what each phase says then."""

from typing import NamedTuple


class Look(NamedTuple):
    """What a phase says at an instant: out, within, unknown; how far; when that was read, and how often it is."""

    kind: str
    severe: bool
    read_at: int
    interval: int


def clocks(looks, now, tick):
    """Name, begin, due, kept, stage of all that have begun by `now`; `looks` by phase and instant."""
    known = [at for of_phase in looks.values() for at in of_phase]
    steps = range(min(known), now + 1, tick) if known else ()
    yield from _out("L15a", [_at(looks, at, lambda look: look.kind == "out") for at in steps], looks, (900, 1800), now)
    yield from _out("L15b", [_at(looks, at, lambda look: look.severe) for at in steps], looks, (60, None), now)
    silent_since = None
    for at in steps:
        said = [of_phase[at] for of_phase in looks.values() if at in of_phase]
        if said and silent_since is not None:
            yield _silent(silent_since, at, now)
            silent_since = None
        elif not said and silent_since is None:
            before = [of_phase[at - tick] for of_phase in looks.values() if at - tick in of_phase]
            silent_since = max((look.read_at, look.interval) for look in before)
    if silent_since is not None:
        yield _silent(silent_since, None, now)


def _at(looks, at, wanted):
    return at, {phase for phase, of_phase in looks.items() if at in of_phase and wanted(of_phase[at])}


def _out(name, steps, looks, limits, now):
    start, before = None, set()
    for at, phases in steps:
        if phases and start is None:
            start = at
        elif not phases and start is not None:
            # What the phases say that were out until now: one that is known not to be ends it, else nobody knows.
            kinds = {looks[phase][at].kind if at in looks[phase] else "unknown" for phase in before}
            yield _judged(name, start, limits, at, kept=bool(kinds & {"within", "out"}), now=now)
            start = None
        before = phases
    if start is not None:
        yield _judged(name, start, limits, None, kept=False, now=now)


def _judged(name, start, limits, end, *, kept, now):
    deadline, told_again = start + limits[0], limits[1] and start + limits[1]
    if end is not None and end <= deadline:
        return name, start, kept, kept, None
    late = end is not None or now > deadline
    stage = None
    if end is None and late:
        stage = "escalated" if told_again is not None and now >= told_again else "breached"
    return name, start, late, False, stage


def _silent(since, end, now):
    start, interval = since
    deadline = start + 3 * interval
    name, start, due, kept, stage = _judged("L17", start, (3 * interval, None), end, kept=True, now=now)
    if end is None and now <= deadline and 4 * (now - start) >= 9 * interval:
        stage = "late"
    return name, start, due, kept, stage
