"""What recovery does about rows in its own topics that are foreign or damaged."""

from collections.abc import Mapping

from streams.lane.batch import Output
from streams.lane.recovery import Table

Tables = Mapping[str, Mapping[bytes, bytes]]


def without_foreign(tables: Tables, ledger: str) -> tuple[Tables, list[Output], int]:
    """The tables as they may be trusted, rows of the ledger to be written again, and how many keys were set aside.

    The last good row of a case is written again: compaction would leave the foreign one alone. What was published under
    such a key is lost to readers, and is left out, so that it is published anew.
    """
    found, rewritten, count = dict(tables), list[Output](), 0
    for name, table in tables.items():
        if not isinstance(table, Table):
            continue
        count += len(table.set_aside)
        if name == ledger:
            rewritten += [Output(name, key, table[key]) for key in table.set_aside if key in table]
        elif table.set_aside:
            found[name] = {key: value for key, value in table.items() if key not in table.set_aside}
    return found, rewritten, count
