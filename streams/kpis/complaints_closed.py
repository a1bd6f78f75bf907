"""Closings (投诉办结量): complaints by the day of their current closing, also on days without an acceptance."""

from streams.kpis.complaints_opened import COMPLAINTS_OPENED
from streams.kpis.formulas import count

COMPLAINTS_CLOSED = COMPLAINTS_OPENED._replace(
    name="complaints_closed",
    title_en="Complaints closed",
    title_zh="投诉办结量",
    basis="complaints only, whenever accepted, each once; one that was reopened counts when it is closed again",
    assigned_by="current closing",
    measures=("complaints_closed",),
    value=count("complaints_closed"),
    source="our own",
)
