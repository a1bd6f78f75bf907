"""Faust's view of a lane table: readable rows of the owned partitions, recovered by the lane instead of by Faust."""

from collections.abc import Iterator, Mapping
from typing import Any

from faust.stores import base
from faust.types import TP


class LaneStore(base.Store):
    """Rows are read through the fold that owns them; writing goes through commit units only."""

    def _rows(self) -> Mapping[bytes, object]:
        rows: Mapping[bytes, object] = self.options["rows"]()
        return rows

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Awaited before Faust seeks the inputs: here the lane takes the partitions over, once for all tables."""
        recover = self.options["recover"]
        if recover is not None:
            await recover({tp.partition for tp in active_tps})

    def persisted_offset(self, tp: TP) -> int | None:
        return None

    def apply_changelog_batch(self, *_args: Any, **_kwargs: Any) -> None:
        """Faust finds nothing to recover (transport.highwaters), so it never calls this."""

    def reset_state(self) -> None:
        """The state is the lane's."""

    def __getitem__(self, key: Any) -> Any:
        return self._rows()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError("a lane table is written by commit units only")

    def __delitem__(self, key: Any) -> None:
        raise TypeError("a lane table is written by commit units only")

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def _clear(self) -> None:
        raise TypeError("a lane table is written by commit units only")

    async def backup_partition(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is on disk."""

    def restore_backup(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is on disk."""
