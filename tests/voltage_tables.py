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
