"""A source may give each statement another revision: neither order nor repetition shows, nor what the book let go."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cases import point_sweep
from streams.facts import sealed
from streams.facts.profile import ENTRY, tags_of
from tests.support.point_lane import DAY, END, SLOTS, VOLTS, Lane
from tests.support.points import frame, reading

pytestmark = pytest.mark.proof

REVISIONS = st.sampled_from((0, 1, 15, 16, 17)) | st.integers(1_780_000_000_000, 1_780_000_000_009)
DELAYS = st.sampled_from((0, 60, 2 * DAY - 1, 2 * DAY, 5 * DAY))


@st.composite
def records(draw):
    slot, written = draw(SLOTS), draw(DELAYS)
    said = {"source": draw(st.sampled_from("aab")), "phase": draw(st.sampled_from("AB"))}
    said |= {"name": draw(st.sampled_from(("P", "Q", "unknown"))), "revision": draw(REVISIONS)}
    if draw(st.booleans()):
        return reading(slot, draw(VOLTS), recorded_at=slot + written, delivered=slot + written, **said)
    volts = draw(st.lists(VOLTS, min_size=1, max_size=4))
    return frame(slot, volts, 900, delivered=slot + 4 * 900 + written, **said)


class Sweeping(Lane):
    """With every save it is looked which numbers are in use; `held` is what the ledger holds then, without numbers."""

    def save(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(point_sweep, "is_crowded", lambda _: True)
            super().save()

    def restart(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(point_sweep, "is_crowded", lambda _: True)
            super().restart()


def held(lane):
    """What is stored of the points, with the things themselves for their numbers."""
    book, found = lane.ledger._book, {}
    for point in lane.ledger._points.values():
        for day, stored in point.days.items():
            whole = stored if isinstance(stored, bytearray) else sealed.entries(stored)
            entries = [
                (key >> 32, book.channels.items[key & 0xFFFF_FFFF], book.tags.items[tag], *rest)
                for key, tag, *rest in ENTRY.iter_unpack(whole)
            ]
            kept = {} if isinstance(stored, bytearray) else sealed.unpack(stored, book)[0]
            runs = {(key >> 32, book.channels.items[key & 0xFFFF_FFFF]): about for key, about in kept.items()}
            found[point.key, day] = sorted(entries), runs
    return found


def in_use(lane):
    days = [day for point in lane.ledger._points.values() for day in point.days.values()]
    tags = set().union(*(tags_of(day if isinstance(day, bytearray) else sealed.entries(day)) for day in days))
    styles = set().union(*(sealed.styles_of(day) for day in days if not isinstance(day, bytearray)))
    return len(tags), len(styles)


@given(st.lists(records(), max_size=10), st.lists(st.sampled_from(("restart", "refer")), max_size=3), st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_repetition_restarts_and_what_the_book_lets_go_do_not_show(events, others, random):
    plain = Lane().run([*sorted(events, key=lambda event: event.timestamp), END])
    disturbed = []
    for event in sorted(events, key=lambda event: event.timestamp + random.randint(0, DAY * 1000 - 1)):
        disturbed += [event, event.timestamp // 1000, random.choice([*disturbed, event])]
        disturbed += [random.choice(others)] if others else []
    other = Sweeping().run([*disturbed, *events[:3], END])

    # How a slot of several sources is stored depends on what of it came before its day was sealed; its sums do not.
    assert other.ledger.partials.sums == plain.ledger.partials.sums
    restarted = Sweeping().run([*disturbed, *events[:3], END, "restart", END + 1])
    assert held(restarted) == held(other)
    assert restarted.ledger.partials.sums == plain.ledger.partials.sums


@given(st.lists(records(), min_size=1, max_size=5), st.integers(2, 12), st.booleans(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_after_many_revisions_there_is_as_much_as_after_the_last(events, times, sealed_at_last, random):
    def lived(revisions):
        lane = Sweeping()
        for number in revisions:
            for event in random.sample(events, len(events)):
                value = re.sub(rb'"revision":\d+', b'"revision":%d' % (1_780_000_000_000 + number), event.value)
                lane.run([type(event)(**vars(event) | {"value": value}), random.choice(("save", "restart"))])
        return lane.run([END, "restart", END + 1] if sealed_at_last else ["save"])

    many, once = lived(range(times)), lived([times - 1])

    assert held(many) == held(once)
    assert in_use(many) == in_use(once)
    most = 2 * 3 * 2 * len(events)  # by rank and kind, of the revision that is replaced and of the one that replaces it
    assert max(len(table.items) for table in (many.ledger._book.tags, many.ledger._book.styles)) <= most
