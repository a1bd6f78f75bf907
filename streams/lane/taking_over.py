"""From the tables that recovery read to a fold that holds their state, and the position that goes with it."""

import logging
from collections.abc import Mapping

from streams.errors import LaneBroken
from streams.lane.config import LaneConfig
from streams.lane.fatal import describe
from streams.lane.fold import Fold
from streams.lane.position import KEY, Position, TopicPosition
from streams.lane.recovery import Table
from streams.lane.row_sum import RowSum

logger = logging.getLogger(__name__)


def take_over(
    config: LaneConfig, partition: int, fold: Fold, tables: Mapping[str, Table], begins: Mapping[str, int], *, now: int
) -> tuple[Position, RowSum]:
    """Load an empty fold as of `now` (epoch seconds, by the broker's clock); the position's row leaves the tables.

    `begins`: the first offset of each input, where an older version wrote the position. Raises LaneBroken where the
    rows are not those that the position stands for, or where the fold cannot read them.
    """
    position = Position(config.partitions, config.clock, {topic: TopicPosition() for topic in config.inputs})
    ledger = tables[config.ledger]
    stored = ledger.pop(KEY, None)
    rows = RowSum(ledger)
    try:
        position.take_over(stored, rows.count, rows.total)
        gone = position.judge(begins)
        if position.take_back(now, config.ahead_max_seconds):
            logger.warning("%s partition %d: read time of the future comes back", config.ledger, partition)
        fold.load(tables, position)
    except Exception as error:
        what = str(error) if isinstance(error, LaneBroken) else f"cannot be folded: {describe(error)}"
        raise LaneBroken(f"{config.ledger} partition {partition}: {what}") from error
    if position.upgraded:
        what = "an older version wrote it; inputs are read again, and nothing is published until that is done"
        logger.warning("%s partition %d: %s", config.ledger, partition, what)
    if gone:
        what = "%s partition %d: %d records that it was made of are gone; see docs/runbook.md#upgrades"
        logger.error(what, config.ledger, partition, gone)
    return position, rows
