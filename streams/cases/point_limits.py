"""Limits of a voltage point, and the verdict on a value; voltages in integers of 0.01 V on the meter's side.

GB/T 12325-2008, by the nominal voltage of the primary side from phase to phase (DOMAIN.md 1.3.1): single-phase supply
+7 % / -10 %, three-phase below 35 kV +-7 %; from 35 kV on the deviations of a whole day are judged together. A limit
itself is compliant. The connection of a point says what was measured; where it is not known, up to 250 V counts as a
single-phase supply.

Suspect is what no supply delivers: below 20 % of the nominal voltage (up to 1 kV), up to 12 % of it (above 1 kV), from
its double on. Within these lies every value that a power of ten (10, 100, 1000, up or down) would bring within 20 % of
the nominal voltage: a wrong unit. A sag to 20 % or more at low voltage is an undervoltage. Suspect is, too, a value of
which nobody knows how to read it: its phase, its kind or the stamp of a mean is on no list of the contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.event import OTHER

if TYPE_CHECKING:
    from streams.facts.profile import Judge
    from streams.reference.network import PointInfo
    from streams.reference.rules import Rules

ABSENT, COMPLIANT, OVER, UNDER, EXCLUDED, SUSPECT, FLOATING = range(7)
OUT: Final = (OVER, UNDER)
OUT_OR_IN: Final = (COMPLIANT, OVER, UNDER)
VERDICT_BITS: Final = 3  # of 10-minute means a class stands above them, see `point_weeks`
VERDICT_MASK: Final = (1 << VERDICT_BITS) - 1
CLASS_BITS: Final = 2
SEVERE: Final = 1 << VERDICT_BITS + CLASS_BITS  # of a sealed value: whether it was far out
SEVERE_ABOVE, SEVERE_BELOW = 115, 85  # percent of the nominal voltage
# ESPI QualityOfReading: valid, manually edited, raw, weather-normalised, validated, verified, revenue quality.
UNLISTED: Final = 20  # of our own, beyond theirs: what says how to read the value is on no list
USABLE: Final = frozenset((0, 7, 14, 17, 18, 19, UNLISTED))
SINGLE_PHASE_MAX: Final = 25_000  # 250 V
LOW_VOLTAGE_MAX: Final = 100_000  # 1 kV
FLOATING_MIN: Final = 3_500_000  # 35 kV
SINGLE_PHASE, PHASE_TO_NEUTRAL = "single_phase", "phase_to_neutral"
SUSPECT_BELOW_LOW_VOLTAGE: Final = 20  # percent of the nominal voltage: below this, up to 1 kV
SUSPECT_UP_TO: Final = 12  # the same above 1 kV: below a tenth, or what ten times too low makes of up to +20 %
SUSPECT_FROM_TIMES: Final = 2  # from the double of the nominal voltage on
FLOATING_PERCENT: Final = 10


class Limits(NamedTuple):
    """Inclusive; without a nominal voltage nothing is judged, a floating point is judged by the day."""

    nominal: int | None
    low: int = 0
    high: int = 0
    floating: bool = False
    low_voltage: bool = False

    @property
    def sealable(self) -> bool:
        """Whether a verdict can take a value's place: it depends neither on other values nor on later readings."""
        return self.nominal is not None and not self.floating


def limits_of(info: PointInfo | None, nominal: int | None, rules: Rules, connection: str | None = None) -> Limits:
    """By the network, else by the nominal voltage and the connection that readings state.

    With a connection that is on no list the limits of the standard are not known; those of the settings are.
    """
    ratio = 1
    if info is not None:
        nominal, ratio, connection = info.nominal_centivolts, info.transformer_ratio, info.connection
    if nominal is None:
        return Limits(None)
    primary = nominal * ratio
    low_voltage, floating = level_of(primary, connection)
    own = rules.voltage_limits.get(nominal)
    if own is not None:
        return Limits(nominal, *own, low_voltage=low_voltage)
    if connection == OTHER:
        return Limits(None)
    if floating:
        return Limits(nominal, floating=True)
    single_phase = connection == SINGLE_PHASE or (connection is None and primary <= SINGLE_PHASE_MAX)
    below = 90 if single_phase else 93
    return Limits(nominal, -(-nominal * below // 100), nominal * 107 // 100, low_voltage=low_voltage)


def level_of(primary: int, connection: str | None) -> tuple[bool, bool]:
    """Whether a supply is one up to 1 kV, and one from 35 kV on, by its voltage from phase to phase.

    Of a phase against neutral that is the square root of 3 times as much; a nominal voltage that was rounded, such as
    57.7 V for 100 V over that root, may miss the limit by 1 %: no supply has a nominal voltage so near to one.
    """
    if connection != PHASE_TO_NEUTRAL:
        return primary <= LOW_VOLTAGE_MAX, primary >= FLOATING_MIN
    squared = 3 * (100 * primary) ** 2
    return squared <= (101 * LOW_VOLTAGE_MAX) ** 2, squared >= (99 * FLOATING_MIN) ** 2


def least_plausible(limits: Limits) -> int:
    """The least value that is not suspect."""
    nominal = limits.nominal or 0
    if limits.low_voltage:
        return -(-nominal * SUSPECT_BELOW_LOW_VOLTAGE // 100)
    return nominal * SUSPECT_UP_TO // 100 + 1


def judge_of(limits: Limits) -> Judge:
    """The verdict on one value, by these limits."""
    nominal, low, high, floating, _ = limits
    plausible_from = least_plausible(limits)
    surely_from, surely_to = low, -1
    if nominal is not None and not floating:
        surely_from, surely_to = max(low, plausible_from), min(high, SUSPECT_FROM_TIMES * nominal - 1)

    def judge(value: int, qualities: tuple[int, ...]) -> int:
        if nominal is None or (qualities and not USABLE.issuperset(qualities)):
            return EXCLUDED
        if qualities and UNLISTED in qualities:
            return SUSPECT
        if surely_from <= value <= surely_to:
            return COMPLIANT
        if value < plausible_from or value >= SUSPECT_FROM_TIMES * nominal:
            return SUSPECT
        if floating:
            return FLOATING
        return OVER if value > high else UNDER if value < low else COMPLIANT

    return judge


def is_severe(value: int, nominal: int) -> bool:
    """Whether a value out of limits is far out: more than 15 % from the nominal voltage."""
    return value * 100 > SEVERE_ABOVE * nominal or value * 100 < SEVERE_BELOW * nominal


def judge_for_good(judge: Judge, nominal: int) -> Judge:
    """The verdict that takes a value's place when its day is sealed: with how far out it was."""

    def judged(value: int, qualities: tuple[int, ...]) -> int:
        verdict = judge(value, qualities)
        return verdict | SEVERE if verdict & VERDICT_MASK in OUT and is_severe(value, nominal) else verdict

    return judged


def verdict_of_day(greatest: int, least: int, nominal: int) -> int:
    """From 35 kV on: of opposite signs the deviations add up, of one sign the greater counts; 10 % are allowed."""
    up, down = greatest - nominal, least - nominal
    deviation = up - down if up > 0 > down else max(abs(up), abs(down))
    if deviation * 100 <= FLOATING_PERCENT * nominal:
        return COMPLIANT
    return OVER if up >= abs(down) else UNDER
