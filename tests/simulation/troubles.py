"""What goes wrong in a run: which request, and what becomes of it and of its answer."""

import random
from dataclasses import dataclass

PRODUCE, INIT_PRODUCER_ID, ADD_PARTITIONS, END_TXN = 0, 22, 24, 26
REQUESTS = {PRODUCE: "Produce", INIT_PRODUCER_ID: "InitProducerId", ADD_PARTITIONS: "AddPartitions", END_TXN: "EndTxn"}
UNKNOWN = ("late", "unanswered", "never", "slow", "killed")
CODES = {  # the retriable codes a broker answers with
    PRODUCE: (6, 7, 20),  # NOT_LEADER_OR_FOLLOWER, REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND
    INIT_PRODUCER_ID: (14, 15, 16, 51),  # COORDINATOR_LOAD_IN_PROGRESS, _NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_..
    ADD_PARTITIONS: (3, 14, 15, 16, 51),  # UNKNOWN_TOPIC_OR_PARTITION, as above
    END_TXN: (14, 15, 16, 51),
}
LATE_SECONDS = (0.1, 0.6)  # the client tries again after 0.1
SLOW_SECONDS = (21.0, 60.0)  # beyond the deadline of a commit


@dataclass(frozen=True)
class Trouble:
    """The `nth` request of a kind: `how` is one of UNKNOWN, or `refused` and `done` with the `code` that is answered.

    late: the connection is cut, the request is carried out afterwards. unanswered: carried out, then cut. never: cut.
    slow: carried out and answered after the client has given up. killed: carried out, and the process is killed.
    done: carried out, and answered with an error.
    """

    request: int
    nth: int
    how: str
    seconds: float = 0.0
    code: int = 0

    @property
    def known(self) -> bool:
        return self.how not in UNKNOWN


def drawn(rng: random.Random) -> list[Trouble]:
    """One to three troubles, half of them at an EndTxn: only a late one of these can do harm."""
    requests = rng.choices(tuple(REQUESTS), weights=(1, 1, 1, 3), k=rng.choice((1, 1, 2, 3)))
    return [_one(rng, request) for request in requests]


def _one(rng: random.Random, request: int) -> Trouble:
    nth = rng.randint(1, 3 if request == INIT_PRODUCER_ID else 8)
    how = rng.choice(("late", "late", "late", "late", "unanswered", "never", "slow", "killed", "refused", "done"))
    if how in ("refused", "done"):
        return Trouble(request, nth, how, code=rng.choice(CODES[request]))
    return Trouble(request, nth, how, rng.uniform(*(SLOW_SECONDS if how == "slow" else LATE_SECONDS)))
