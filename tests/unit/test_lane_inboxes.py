"""All inputs of a writer: what is taken in and when, and the barrier that marks make across them."""

from types import SimpleNamespace

from streams.lane.batch import MARK_HEADER, Batch
from streams.lane.inboxes import Inboxes
from streams.lane.position import Position, TopicPosition


def record(offset, mark=None):
    headers = () if mark is None else ((MARK_HEADER, b"%d" % mark),)
    return SimpleNamespace(offset=offset, value=b"{}" if mark is None else None, headers=headers)


def opened(*names):
    inboxes = Inboxes()
    inboxes.open(Position(1, "marks", {name: TopicPosition(next_offset=0) for name in names}), contiguous=True)
    return inboxes


def names(inputs):
    return [name for name, _ in inputs]


def test_nothing_is_taken_in_before_it_is_opened_or_after_it_is_closed():
    inboxes = Inboxes()
    assert not inboxes.put(Batch("a", 0, [record(0)]))
    inboxes = opened("a")
    assert inboxes.put(Batch("a", 0, [record(0), record(1)]))
    assert not inboxes.put(Batch("b", 0, [record(0)])), "no input of this app"
    assert inboxes.waiting("a") == 2
    inboxes.close()
    assert inboxes.waiting("a") == 0
    assert not inboxes.put(Batch("a", 0, [record(2)]))


def test_inputs_that_wait_are_in_the_order_of_the_position():
    inboxes = opened("b", "a", "c")
    inboxes.put(Batch("a", 0, [record(0)]))
    inboxes.put(Batch("b", 0, [record(0, mark=10)]))
    assert names(inboxes.ready()) == ["b", "a"]
    assert names(inboxes.before_marks()) == ["a"]


def test_nobody_passes_a_mark_before_every_input_stands_at_one():
    inboxes = opened("a", "b")
    assert inboxes.barrier() is None
    inboxes.put(Batch("a", 0, [record(0, mark=10), record(1, mark=20)]))
    assert inboxes.barrier() is None, "of b nothing has come"
    inboxes.put(Batch("b", 0, [record(0), record(1, mark=20)]))
    assert inboxes.barrier() is None, "b stands at a record"
    (_, inbox), *_ = inboxes.before_marks()
    inbox.take()
    reached, at_it = inboxes.barrier()
    assert (reached, names(at_it)) == (10, ["a"]), "b stands at a later mark, and waits"
    at_it[0][1].take()
    reached, at_it = inboxes.barrier()
    assert (reached, names(at_it)) == (20, ["a", "b"])


def test_an_app_without_inputs_has_no_barrier():
    assert opened().barrier() is None
