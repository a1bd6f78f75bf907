"""A partition's log at its leader, as far as transactions need it (Kafka 2.5 to 3.5, protocol before KIP-890)."""

from dataclasses import dataclass, field

NONE = 0
OUT_OF_ORDER_SEQUENCE, DUPLICATE_SEQUENCE, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE = 45, 46, 47, 48
REMEMBERED_BATCHES = 5  # by which a leader knows a repeated batch


@dataclass
class Log:
    """Values by state: `pending` are appended, `committed` are what a read_committed reader is given."""

    epoch: int = -1
    next_sequence: int = 0
    remembered: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)

    def append(self, epoch: int, sequence: int, count: int, unit: int) -> int:
        """One batch of `count` records; the code the leader answers."""
        if epoch < self.epoch:
            return INVALID_PRODUCER_EPOCH
        if epoch > self.epoch:
            if sequence != 0:
                return OUT_OF_ORDER_SEQUENCE
            self._fence(epoch)
        if sequence in self.remembered:
            return NONE
        if sequence != self.next_sequence:
            return DUPLICATE_SEQUENCE if sequence < self.next_sequence else OUT_OF_ORDER_SEQUENCE
        self.next_sequence += count
        self.remembered = [*self.remembered, sequence][-REMEMBERED_BATCHES:]
        self.pending.append(unit)
        return NONE

    def mark(self, epoch: int, *, commit: bool) -> None:
        """The coordinator's marker: all that is pending becomes visible, or never does."""
        if epoch < self.epoch:
            return
        if epoch > self.epoch:
            self._fence(epoch)
        if commit:
            self.committed += self.pending
        self.pending = []

    def _fence(self, epoch: int) -> None:
        self.epoch, self.next_sequence, self.remembered = epoch, 0, []
