"""The definition of a tile: its figures, their form, and the list behind it."""

from dataclasses import dataclass, field
from typing import Literal

Form = Literal["count", "minutes", "index", "percent", "seconds"]
Behind = Literal["cases", "areas"]
BASIS = "basis"  # a note: what the main figure rests on, by the settings that were used, up to its first semicolon


@dataclass(frozen=True)
class Shown:
    """One figure: a KPI for a period, at scope `all` unless `scope` is given.

    Dims that `where` does not name are `all`; `by` is the dim of the break-down, added up where a sum is shown.
    """

    kpi: str
    period: str
    where: dict[str, str] = field(default_factory=dict)
    by: str = ""
    label: str = ""
    label_prefix: str = ""  # of the message keys of the parts, where the same value has another meaning elsewhere


@dataclass(frozen=True)
class Places:
    """A break-down by the members of a grouping whose names are known beforehand: a scope each."""

    kpi: str
    period: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Means:
    """A mean for each type of area, over all regions; one above its limit, in the KPI's unit, is red.

    A commitment about an average is evaluated by the average, each type by its own limit; no single case breaches it.
    """

    kpi: str
    period: str
    limits: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Tile:
    """`listed` is the unit of what each row of the list behind adds to the main figure's numerator.

    `parts` are break-downs shown below; `only` limits the main figure to some of its `by`, `beyond` are parts that it
    does not count. What is in `alarming`, or the main figure with `alarm`, is red above 0: somebody has to act on it.
    """

    name: str
    form: Form
    unit: str
    listed: str
    main: Shown
    beside: tuple[Shown, ...] = ()
    parts: tuple[Shown | Places | Means, ...] = ()
    only: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()
    bars: bool = False
    alarm: bool = False
    alarming: frozenset[str] = frozenset(("contradictory",))
    note: str = ""
    behind: Behind = "cases"
    by_area: Shown | None = None  # the figure of each area, if the list behind the tile has areas
    whole: bool = False  # an area that has any counts as one
    status: str = ""  # of which clocks the list behind shows the time left; empty: of any that go on
