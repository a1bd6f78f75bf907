"""Worked examples of voltage points by hand, for the service and for the oracle; volts as on the meter."""

# Nominal volts, transformer ratio, value, verdict, and the finding that names a factor.
SUSPECT = (
    (220, 1, 22.13, "suspect", "voltage_10x_low"),  # UInt16 x 0.1 V sent as 0.01 V: 2213 means 221.3 V
    (220, 1, 22.00, "suspect", "voltage_10x_low"),
    (220, 1, 21.99, "suspect", "voltage_10x_low"),
    (220, 1, 23.54, "suspect", "voltage_10x_low"),
    (220, 1, 23.55, "suspect", "voltage_10x_low"),
    (220, 1, 17.60, "suspect", "voltage_10x_low"),
    (220, 1, 17.59, "suspect", None),
    (220, 1, 26.40, "suspect", "voltage_10x_low"),
    (220, 1, 26.41, "suspect", None),
    (220, 1, 2413, "suspect", "voltage_10x_high"),
    (220, 1, 2640, "suspect", "voltage_10x_high"),
    (220, 1, 2640.01, "suspect", None),
    (220, 1, 0.22, "suspect", "voltage_1000x_low"),  # kV
    (220, 1, 2.2, "suspect", "voltage_100x_low"),
    (220, 1, 22_000, "suspect", "voltage_100x_high"),
    (220, 1, 220_000, "suspect", "voltage_1000x_high"),
    (220, 1, 0, "suspect", None),
    (220, 1, 43.99, "suspect", None),
    (220, 1, 44.00, "under", None),
    (220, 1, 439.99, "over", None),
    (220, 1, 440.00, "suspect", None),
    (230, 1, 40, "suspect", None),
    (230, 1, 45.99, "suspect", None),
    (230, 1, 46.00, "under", None),
    (230, 1, 60, "under", None),
    (230, 1, 150, "under", None),
    (380, 1, 38.0, "suspect", "voltage_10x_low"),
    (380, 1, 75.99, "suspect", None),
    (380, 1, 76.00, "under", None),
    (1000, 1, 199.99, "suspect", None),
    (1000, 1, 200.00, "under", None),
    (1000.01, 1, 120.00, "suspect", "voltage_10x_low"),
    (1000.01, 1, 120.01, "under", None),
    (100, 100, 10.0, "suspect", "voltage_10x_low"),  # 10 kV, primary kV for secondary volts
    (100, 100, 12.00, "suspect", "voltage_10x_low"),
    (100, 100, 12.01, "under", None),
    (100, 100, 7.99, "suspect", None),
    (100, 100, 10_000, "suspect", "voltage_100x_high"),  # the primary voltage
    (100, 350, 12.00, "suspect", "voltage_10x_low"),  # 35 kV
)

# Of a point that is expected all day: minutes measured, minutes excluded by their quality, and its rate when the day is
# over (percent), None where it is covered too little. Half of what is measured is within limits.
LOW_COVERAGE = (
    (1440, 0, 50),
    (864, 0, 50),  # 60 %
    (862, 0, None),
    (10, 0, None),
    (0, 0, None),
    (10, 854, 50),  # excluded by its quality, and there all the same
    (10, 853, None),
)
# 10-minute means of a week of 1008 in each phase of the network (230 V: "-" within, "o" outside 10 %, "x" beyond 15 %).
WEEKS = (
    ({"A": "-" * 1008}, "passed"),
    ({"A": "-" * 605}, "passed"),  # 60.02 %
    ({"A": "-" * 604}, "unknown"),
    ({"A": "-" * 10}, "unknown"),
    ({"A": "-" * 603 + "x"}, "unknown"),
    ({"A": "-" * 604 + "x"}, "failed"),
    ({"A": "-" * 575 + "o" * 30}, "passed"),  # 4.96 %
    ({"A": "-" * 574 + "o" * 31}, "failed"),
    ({"A": "-" * 1008, "B": "-" * 1008}, "passed"),
    ({"A": "-" * 1008, "B": "-" * 10}, "unknown"),
    ({"A": "-" * 1008, "B": ""}, "unknown"),
    ({"A": "-" * 1007 + "x", "B": "-" * 10}, "failed"),
)
MEANS = {"-": 23_000, "o": 20_000, "x": 19_000}

# Nominal volts, transformer ratio, connection, volts all day, and the verdict (GB/T 12325).
CONNECTIONS = (
    (57.70, 350, "phase_to_neutral", 62.89, "compliant"),  # 35 kV behind a star VT, +9 %
    (57.74, 350, "phase_to_neutral", 62.93, "compliant"),
    (57.73, 350, "phase_to_neutral", 52.00, "compliant"),  # -9.9 %
    (57.70, 350, "phase_to_neutral", 63.48, "over"),  # +10.02 %
    (57.70, 350, None, 62.89, "over"),  # as 20.2 kV from phase to phase
    (100, 350, "phase_to_phase", 109, "compliant"),
    (100, 350, None, 109, "compliant"),
    (57.70, 100, "phase_to_neutral", 61.73, "compliant"),  # 10 kV, +7 %
    (57.70, 100, "phase_to_neutral", 61.74, "over"),
    (57.70, 1100, "phase_to_neutral", 62.89, "compliant"),  # 110 kV
    (220, 1, "phase_to_neutral", 200, "under"),  # a three-phase customer of 380/220 V, -9.1 %
    (220, 1, "phase_to_neutral", 204.60, "compliant"),
    (220, 1, "phase_to_neutral", 204.59, "under"),
    (220, 1, "phase_to_neutral", 235.40, "compliant"),
    (220, 1, "single_phase", 200, "compliant"),
    (220, 1, "single_phase", 198, "compliant"),
    (220, 1, "single_phase", 197.99, "under"),
    (220, 1, None, 200, "compliant"),
    (220, 1, "phase_to_phase", 200, "under"),  # a network of 127/220 V
    (380, 1, "phase_to_phase", 353.40, "compliant"),
    (380, 1, "phase_to_phase", 353.39, "under"),
    (277, 1, "single_phase", 249.30, "compliant"),
    (277, 1, None, 249.30, "under"),
    (57.70, 10, "phase_to_neutral", 11.54, "under"),  # 1 kV: a sag to 20 %
    (57.70, 20, "phase_to_neutral", 6.92, "suspect"),  # 2 kV: a tenth
)

# A batch with the values of a day, until midnight: seconds between deliveries as the network has them (None: it says
# nothing); hours after that midnight; whether the point is silent then, and the status of its clock L17, if announced.
DAY, HOUR = 86_400, 3600
BATCHES = (
    (None, 1, True, "breached"),  # three of its own intervals of 15 minutes after the last value
    (DAY, 1, False, None),
    (DAY, 23, False, None),
    (DAY, 35, False, None),
    (DAY, 36, True, None),  # one and a half days
    (DAY, 54, True, "at_risk"),  # 75 % of three days
    (DAY, 72, True, "at_risk"),
    (DAY, 73, True, "breached"),
    (6 * HOUR, 8, False, None),
    (6 * HOUR, 9, True, None),
    (6 * HOUR, 19, True, "breached"),
    (60, 1, True, "breached"),  # more often than its values: as if nothing was said
)

# What says how to read a value, of a point with phase A that is listed in the network; the second reading at 08:05 is a
# good one, 220 V in phase A. Fields of the first reading at 08:00, then the verdict on it.
UNLISTED = (
    ({"value_kind": "maximum"}, "suspect"),
    ({"value_kind": "mean", "stamp": "middle", "interval_seconds": 300}, "suspect"),
    ({"stamp": "middle"}, "compliant"),  # nothing to an instantaneous value
    ({"phase": "L1"}, "suspect"),
    ({"phase": "N"}, "suspect"),
    ({"value_kind": "maximum", "qualities": [5]}, "excluded"),  # not usable, whatever it is
    ({"value_kind": "maximum", "qualities": [0]}, "suspect"),
    ({}, "compliant"),
)
# Of a point that the network has not: nominal voltage, connection by its readings, value, verdict.
OWN_CONNECTIONS = (
    (220, None, 200, "compliant"),
    (220, "single_phase", 200, "compliant"),
    (220, "phase_to_neutral", 200, "under"),
    (380, "phase_to_phase", 350, "under"),
    (380, "single_phase", 350, "compliant"),
    (220, "delta", 200, "excluded"),  # no limits are known
)
