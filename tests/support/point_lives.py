"""Random lives of points: series as they arrive, bursts of corrections, backlogs."""

from hypothesis import strategies as st

from streams.facts.profile import CHANNEL_BITS, CHANNELS, ENTRY
from tests.support.point_lane import DAY
from tests.support.points import MIDNIGHT, frame, reading

TEN_MINUTES = "mean", 600  # keep a point out of the columns for good
TEN_MINUTE_MEANS = dict(zip(("value_kind", "interval_seconds"), TEN_MINUTES, strict=True))
KINDS = (*(("instantaneous", seconds) for seconds in (60, 600, 900)), ("mean", 60), ("mean", 900))
NOON = MIDNIGHT + 12 * 3600
VOLTS = st.sampled_from((220, 220, 240, 240, 240, 190, 0, 440, None))
MOSTLY_WITHIN = st.sampled_from((*[220] * 10, 240, 240, 190, 260, 0, 0, None))


@st.composite
def lives(draw):
    """Minutes that pass, and what each point says in each; now and then something out of order, or a restart.

    Often several of them pass before anything is settled, as in a backlog.
    """
    steps, revision = [], 0
    at = draw(st.sampled_from((MIDNIGHT + 60, NOON, NOON, MIDNIGHT + DAY - 4 * 3600)))
    for _ in range(draw(st.integers(4, 25))):
        at += draw(st.sampled_from((60, 60, 290, 900, 901, 3600)))
        for name, phases in (("P", "AB"), ("Q", "A"), ("unknown", "A")):
            for phase in phases:
                if draw(st.integers(0, 5)):
                    steps.append(_said(draw, name, phase, at))
        odd = draw(st.integers(0, 14))
        if odd == 0 and (records := [step for step in steps if not isinstance(step, int | str)]):
            steps.append(draw(st.sampled_from(records)))
        elif odd == 1:
            revision += 1
            steps.append(_said(draw, "P", "A", at - draw(st.sampled_from((60, 900, 5400))), revision))
        elif odd == 2:
            steps.append(draw(st.sampled_from(("restart", "refer"))))
        elif odd == 3:
            steps.append(_said(draw, "Q", "A", at, kinds=(TEN_MINUTES,)))
        if draw(st.integers(0, 2)):
            steps.append(at + draw(st.sampled_from((0, 1, 31, 299))))
    return [*steps, at + 300]


def _said(draw, name, phase, at, revision=0, *, kinds=KINDS):
    kind, interval = draw(st.sampled_from(kinds))
    said = {"interval_seconds": interval, "value_kind": kind, "revision": revision}
    others = ({}, {}, {}, {"qualities": [8]}, {"nominal_centivolts": 22_000}, {"nominal_centivolts": 22_000})
    said |= draw(st.sampled_from((*others, {"nominal_centivolts": 23_000})))
    return reading(at, draw(VOLTS), name=name, phase=phase, source="a", recorded_at=at, delivered=at + 5, **said)


@st.composite
def backlogs(draw):
    """Regular values, many of them between two settlings; some are out of limits, most of these for a moment."""
    steps, (kind, interval) = [], draw(st.sampled_from(KINDS))
    said = {"value_kind": kind, "interval_seconds": interval, "phase": "A", "source": "a"}
    at = draw(st.sampled_from((MIDNIGHT + 60, NOON, NOON, MIDNIGHT + DAY - 20 * interval)))
    phases_of_p = draw(st.sampled_from(("A", "A", "AB")))
    if draw(st.integers(0, 3)) == 0:  # a point outside for good
        steps.append(reading(at, 220, "Q", recorded_at=at, delivered=at + 5, **said | TEN_MINUTE_MEANS))
    for _ in range(draw(st.integers(2, 8))):
        for _ in range(draw(st.integers(1, 8))):
            at += interval
            steps += [
                reading(at, draw(MOSTLY_WITHIN), name, recorded_at=at, delivered=at + 5, **said | {"phase": phase})
                for name, phases in (("P", phases_of_p), ("Q", "A"), ("unknown", "A"))
                for phase in phases
                if draw(st.integers(0, 19))
            ]
        odd = draw(st.integers(0, 9))
        if odd == 0:
            steps.append(reading(at - 3 * interval, draw(MOSTLY_WITHIN), revision=1, delivered=at + 5, **said))
        elif odd == 1:
            volts = draw(st.lists(MOSTLY_WITHIN, min_size=1, max_size=4))
            steps.append(frame(at, volts, interval, "Q", delivered=at + 5 * interval, phase="A", source="a"))
        elif odd == 2:
            steps.append(draw(st.sampled_from(("restart", "refer"))))
        steps.append(at + draw(st.sampled_from((-interval, 0, 1, 299, interval))))
    return [*steps, at + interval]


@st.composite
def bursts(draw):
    """Each phase of a point delivers what it had measured meanwhile when it can, around midnight."""
    interval = draw(st.sampled_from((60, 900)))
    at = MIDNIGHT + DAY - draw(st.integers(-3, 12)) * interval
    kept, steps = {"A": [], "B": []}, []
    for _ in range(draw(st.integers(4, 20))):
        at += interval
        for phase in draw(st.sampled_from(("A", "AB", "AB"))):
            if draw(st.integers(0, 9)):
                kept[phase].append((at, draw(MOSTLY_WITHIN)))
            if draw(st.integers(0, 2)) == 0:
                said = {"phase": phase, "interval_seconds": interval, "delivered": at + 5}
                steps += [reading(slot, volts, recorded_at=slot, **said) for slot, volts in kept[phase]]
                kept[phase] = []
        if draw(st.integers(0, 9)) == 0:
            steps.append(draw(st.sampled_from(("restart", "refer"))))
        steps.append(at + draw(st.sampled_from((0, 1, 299))))
    return [*steps, at + interval]


def said(lane):
    """All open days, with what the numbers in them stand for."""
    book = lane.ledger._book
    return {
        (key, day): sorted(
            (slot >> CHANNEL_BITS, book.channels.items[slot & CHANNELS], book.tags.items[tag], recorded_at, value)
            for slot, tag, recorded_at, value in ENTRY.iter_unpack(held)
        )
        for key, point in lane.ledger._points.items()
        for day, held in point.days.items()
    }
