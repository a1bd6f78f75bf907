"""A few days of all four families, small and full of limits: what a wrong formula must not survive."""

import itertools
from collections.abc import Sequence
from typing import Any

import orjson

from streams.oracle.records import Record
from tests.oracle.lines import at, rfc

TOPICS = {
    "outage_id": "grid.outages.v1",
    "work_order_id": "grid.repairs.v1",
    "complaint_id": "grid.complaints.v1",
    "area": "grid.voltage-readings.v1",
}
PLACES = (("A", "north", "urban"), ("B", "north", "rural"), ("C", "south", "remote"), ("U", "south", None))
FIRST_FIGURE = [{"from": "2026-06-04", "customers": 300}]  # of area L
NOBODY = [{"from": "2026-01-01", "customers": 0}]  # of area Z
SERVED = [{"from": "2026-01-01", "customers": 1000}, {"from": "2026-06-04", "customers": 1500}]
POINTS: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("PA", "A", 1_000_000, {}),
    ("PB", "B", 10_000, {"transformer_ratio": 100}),
    ("PC", "C", 3_500_000, {}),
    ("PF", "C", 3_500_000, {}),
    ("PU", "C", 3_500_000, {}),
    ("PD", "D", 22_000, {}),
    ("PE", "D", 25_000, {}),
    ("P3", "D", 22_000, {"phases": ["A", "B", "C"]}),
    ("PS", "D", 22_000, {"monitored_from": "2026-06-02"}),
    *((f"W{n}", "D", 23_000, {}) for n in range(1, 9)),
    ("WP", "D", 23_000, {"phases": ["A", "B"]}),
    ("WV", "D", 100_000, {}),
    ("WA", "D", 23_000, {"phases": ["A", "B"]}),
    ("WR", "D", 10_000, {"transformer_ratio": 11}),
    *((name, "D", 23_000, {}) for name in ("WB", "WC", "WD")),
    *((name, "D", 22_000, {}) for name in ("KA", "KB", "KC", "KD", "KE", "KF")),
    ("KP", "D", 22_000, {"phases": ["A", "B"]}),
    ("S0", "D", 22_000, {"phases": ["A", "B"]}),
    ("S1", "D", 22_000, {"phases": ["A", "B"]}),
    ("S2", "D", 22_000, {}),
)
NETWORK: list[dict[str, Any]] = [
    *({"record_type": "area", "area": a, "region": r, "area_type": t, "served": SERVED} for a, r, t in PLACES),
    {"record_type": "area", "area": "Z", "region": "east", "area_type": "urban", "served": NOBODY},
    {"record_type": "area", "area": "L", "region": "west", "area_type": "urban", "served": FIRST_FIGURE},
    *(
        {"record_type": "point", "point": name, "area": "A", "monitoring_class": group, "nominal_centivolts": nominal}
        | {"phases": ["A"]}
        | said
        for name, group, nominal, said in POINTS
    ),
]
CASE_MARKS = ("06-03 12:00", "06-04 09:00", "06-04 23:00", "06-10 23:59:59", "06-11 00:00", "06-20 12:00")
VOLTAGE_MARKS = ("06-03 08:15", "06-03 12:07", "06-04 02:00", "06-06 12:00")
OUTAGES: tuple[tuple[str, str, str, dict[str, int | None], str | None], ...] = (
    ("O1", "fault", "06-03 08:00", {"A": 1000}, "06-03 11:59:01"),
    ("O2", "planned", "06-04 02:00", {"B": 200}, "06-04 07:00"),
    ("O3", "fault", "06-04 06:00", {"A": 50}, "06-04 06:05:00"),
    ("O4", "fault", "06-04 06:00", {"C": 60}, "06-04 06:05:01"),
    ("O5", "upstream", "06-03 23:30", {"U": 70}, "06-04 03:30"),
    ("O6", "load_shedding", "06-04 08:00", {"A": 5}, None),
    ("O7", "fault", "06-04 05:00", {"C": 30, "B": 20}, None),
    ("O8", "fault", "06-04 08:55", {"B": 40}, None),
    # In question: merged (a day ago, and less), split, more than served, in no area, contradictory, not counted.
    ("M1", "fault", "06-03 07:00", {"B": 25}, None),
    ("M2", "planned", "06-03 07:00", {"B": 26}, None),
    ("S1", "fault", "06-04 07:00", {"A": 80}, None),
    ("X1", "fault", "06-03 23:00", {"B": 1600}, None),
    ("X2", "fault", "06-04 08:00", {"nowhere": 9}, "06-04 08:30"),
    ("X3", "fault", "06-04 08:00", {"nowhere": 8}, "06-04 08:05"),
    ("E4", "fault", "06-04 06:00", {"C": 43}, None),
    ("R1", "fault", "06-04 01:00", {"A": 21, "C": 22}, "06-04 04:00"),
    ("R2", "fault", "06-04 01:00", {"A": 5}, "06-04 03:00"),
    ("U2", "fault", "06-03 20:00", {"C": None}, "06-03 21:00"),
    ("K1", "customer_caused", "06-04 02:00", {"A": 1}, "06-04 03:00"),
    ("K2", "psps", "06-04 02:00", {"A": 3}, "06-04 03:30"),
    ("X4", "planned", "06-04 06:00", {"": 3}, None),
    ("L1", "fault", "06-03 05:00", {"L": 11}, "06-03 06:00"),
    ("L2", "fault", "06-04 05:00", {"L": 12}, "06-04 06:00"),
    ("Z1", "fault", "06-04 05:00", {"Z": 4}, "06-04 06:00"),
    ("E1", "fault", "06-04 06:00", {"C": 40}, None),
    ("E2", "fault", "06-04 06:00", {"C": 41}, None),
    ("E3", "fault", "06-04 06:00", {"C": 42}, None),
    ("U1", "fault", "06-03 20:00", {"C": None}, None),
)
# Outage, event, when, what else.
TOLD_OF_OUTAGES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("O1", "step_restored", "06-03 08:40", {"by": "switching", "areas": [{"area": "A", "remaining": 400}]}),
    ("R1", "step_restored", "06-04 02:00", {"by": "repair", "areas": [{"area": "A", "remaining": 0}]}),
    ("R1", "started", "06-04 05:00", {"kind": "fault", "cycle": 2, "areas": [{"area": "C", "customers": 22}]}),
    ("R1", "restored", "06-04 05:30", {"cycle": 2}),
    ("R2", "extended", "06-04 02:00", {"areas": [{"area": "A", "remaining": 9}]}),
    ("O7", "step_restored", "06-04 06:00", {"by": "repair", "areas": [{"area": "B", "remaining": 0}]}),
    ("M1", "merged", "06-03 09:00", {"into": "O1"}),
    ("M2", "merged", "06-03 09:01", {"into": "O1"}),
    ("S1", "step_restored", "06-04 07:30", {"by": "repair", "areas": [{"area": "A", "remaining": 50}]}),
    ("S1", "split", "06-04 08:00", {"into": ["Q", "R"]}),
    (
        "E1",
        "step_restored",
        "06-04 07:00",
        {"by": "repair", "areas": [{"area": "C", "remaining": None, "restored": 50}]},
    ),
    (
        "E4",
        "step_restored",
        "06-04 07:00",
        {"by": "repair", "areas": [{"area": "C", "remaining": None, "restored": 9}]},
    ),
    ("E2", "step_restored", "06-04 07:00", {"by": "repair", "areas": [{"area": "C", "remaining": 30, "restored": 20}]}),
    ("E3", "step_restored", "06-04 07:00", {"by": "repair", "areas": [{"area": "C", "remaining": 52}]}),
)
ORDERS = (
    ("W1", "A", "06-03 08:00", "06-03 08:45"),
    ("W2", "A", "06-03 08:00", "06-03 08:45:01"),
    ("W3", "B", "06-03 08:00", "06-03 09:30"),
    ("W4", "C", "06-04 02:00", "06-04 03:00"),
    ("W5", "A", "06-04 08:15", None),
    ("W6", "A", "06-04 08:14:59", None),
    ("W7", "U", "06-03 23:30", "06-04 00:20"),
    ("W8", "B", "06-04 06:00", "06-04 06:00"),
    ("W9", "A", "06-04 08:15", None),
)
COMPLAINTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("C1", "06-03 10:00", {"contacted": "06-04 10:00"}),
    ("C2", "06-03 10:00", {"contacted": "06-04 10:00:01"}),
    ("C3", "06-03 02:00", {"closed": "06-04 02:30"}),
    ("C4", "06-03 11:00", {"closed": "06-03 11:00", "contacted": "06-03 11:00"}),
    ("C5", "06-03 11:00", {"closed": "06-03 10:59:59"}),
    ("C6", "06-03 11:00", {"closed": "06-04 02:00", "reopened": "06-04 10:00"}),
    ("C7", "06-03 11:00", {"withdrawn": "06-04 11:00"}),
    ("C8", "06-03 11:00", {"replied": "06-10 23:59:59"}),
    ("C9", "06-03 11:00", {"replied": "06-11 00:00"}),
    ("C10", "06-03 09:00", {}),
    ("C11", "06-03 08:59:59", {"assigned": "06-03 09:30"}),
    ("C12", "06-03 09:30", {"replied": "06-03 09:40", "withdrawn": "06-03 09:50"}),
    ("C13", "06-18 00:30", {}),
    ("C15", "06-03 02:00", {}),
    ("C14", "06-03 09:30", {"withdrawn": "06-03 09:40", "contacted": "06-03 09:50"}),
)
# Point, start, seconds of a value, values, what else; delivered an hour after its end.
FRAMES: tuple[tuple[str, str, int, Sequence[int | None], dict[str, Any]], ...] = (
    ("PA", "06-03 02:00", 60, [1_000_000] * 7 + [1_070_000, 1_070_001, 930_000, 929_999], {}),
    ("PB", "06-03 02:00", 60, [10_000, 10_700, 10_701, 9_300, 9_299, 9_100, 1_200, 1_201], {}),
    ("PC", "06-03 02:00", 60, [3_640_000, 3_300_000], {}),
    ("PF", "06-03 02:00", 60, [3_675_000, 3_325_000], {}),
    ("PF", "06-04 00:10", 60, [3_675_001, 3_325_000], {}),
    ("PU", "06-03 02:00", 60, [3_700_000, 3_300_000], {}),
    ("PD", "06-03 02:00", 60, [22_000, 23_540, 23_541, 19_800, 19_799, 4400, 4399, 44_000, 43_999, None], {}),
    ("PD", "06-03 03:00", 60, [24_000, 22_000], {"qualities": [8, 7]}),
    ("PD", "06-03 23:58", 60, [24_000, 24_000, 22_000, 22_000, 22_000], {}),
    ("PA", "06-04 00:05", 900, [1_000_000], {"stamp": "end"}),
    ("PE", "06-03 02:00", 60, [22_500, 22_499, 26_750, 26_751], {}),
)
# 10-minute means, by which a week is judged: 230 V, in week 23 of 2026, which begins on 06-01.
TOLD = {"recorded_at": rfc("06-02 12:00")}
WEEK: tuple[tuple[str, str, int, Sequence[int | None], dict[str, Any]], ...] = (
    ("W1", "06-02 03:00", 600, [*[23_000] * 19, 20_699], TOLD),
    ("W2", "06-02 03:00", 600, [*[25_300] * 20, 19_550], TOLD),
    ("W3", "06-02 03:00", 600, [20_700] * 20, TOLD),
    ("W4", "06-02 03:00", 600, [*[23_000] * 40, 25_301], TOLD),
    ("W5", "05-31 23:50", 600, [23_000, 19_000, 23_000], TOLD),  # beyond in the first slot of Monday
    ("W6", "06-02 03:00", 600, [23_000], TOLD),
    ("W7", "06-02 03:00", 600, [23_000], TOLD),
    ("W7", "06-02 04:00", 400, [19_000], TOLD | {"value_kind": "instantaneous"}),
    ("W7", "06-02 05:00", 900, [19_000], TOLD),
    ("W8", "06-02 03:00", 600, [23_000, 19_000], TOLD | {"qualities": [0, 8]}),
    ("WP", "06-02 03:00", 600, [23_000] * 40, TOLD),
    ("WP", "06-02 03:00", 600, [*[23_000] * 18, 20_000], TOLD | {"phase": "B"}),
    ("WV", "06-02 03:00", 600, [100_000], TOLD),
    ("WR", "06-02 03:00", 600, [10_000], TOLD),
    *((name, "06-02 03:00", 600, [23_000], TOLD) for name in ("WA", "WB", "WC", "WD")),  # not settled in columns
)
MEAN = {"value_kind": "mean", "interval_seconds": 900}
READINGS: tuple[tuple[str, str, int | None, dict[str, Any]], ...] = (
    ("PD", "06-03 08:00", 24_000, {}),
    ("PE", "06-03 07:59:59", 20_000, {}),
    ("PA", "06-03 07:52:30", 1_100_000, {}),
    ("P3", "06-03 08:00", 24_000, {"phase": "A"}),
    ("P3", "06-03 08:00", 19_000, {"phase": "B"}),
    ("P3", "06-03 08:05", 22_000, {"phase": "C"}),
    ("PD", "06-03 12:00", 22_000, {}),
    ("PB", "06-03 11:55", 9_000, {"arrives": "06-03 12:00"}),
    ("PB", "06-03 11:55", 10_000, {"revision": 1, "recorded_at": rfc("06-03 11:50")}),
    ("P3", "06-03 11:50", 22_000, {"source": "a", "recorded_at": rfc("06-03 11:52"), "arrives": "06-03 11:55"}),
    ("P3", "06-03 11:50", 24_000, {"source": "b", "recorded_at": rfc("06-03 11:51"), "arrives": "06-03 11:55"}),
    ("PX", "06-03 11:55", 24_000, {"nominal_centivolts": 22_000, "area": "Z"}),
    ("PA", "06-03 11:55", 1_000_000, {"interval_seconds": 7}),
    ("PC", "06-04 01:55", 3_500_000, {}),
    ("P3", "06-04 01:40", 19_000, {}),
    ("P3", "06-04 01:55", 24_000, {}),
    ("PM", "06-03 11:55", 24_000, MEAN | {"nominal_centivolts": 22_000}),
    ("PU", "06-03 08:00", 3_500_000, {}),
    ("PE", "06-03 12:06", 22_000, {"interval_seconds": 20}),
    ("P3", "06-03 12:10", 22_000, MEAN | {"phase": "C", "arrives": "06-03 12:06"}),
    ("PF", "06-03 12:07", 3_500_000, {}),
    ("PB", "06-03 07:40", 9_000, {"interval_seconds": 600}),
    ("PB", "06-03 08:05", 9_000, {}),
    ("WA", "06-03 12:00", 26_000, {}),
    ("WA", "06-03 12:00", 19_000, {"phase": "B"}),
    ("WB", "06-03 12:06", 23_000, {"interval_seconds": 20}),
    ("WC", "06-03 12:00", 26_000, MEAN),
    ("WC", "06-03 12:06", 23_000, {}),
    ("WD", "06-03 11:35", 26_000, {"interval_seconds": 600}),
    ("WD", "06-03 12:00", 26_000, {}),
    ("W6", "06-03 12:10", 19_000, MEAN | {"interval_seconds": 600, "arrives": "06-03 12:06"}),  # not over at 12:07
    # Clocks: kept at the deadline; who says nothing of limits; 15 % itself, and more, for one minute and for more.
    ("KA", "06-03 09:00", 24_000, {}),
    ("KA", "06-03 09:15", 22_000, {}),
    ("KA", "06-03 09:30", 24_000, {}),
    ("KA", "06-03 09:45:01", 22_000, {}),
    ("KB", "06-03 09:00", 24_000, {}),
    ("KB", "06-03 09:10", 0, {}),
    ("KB", "06-03 09:30", 24_000, {}),
    ("KB", "06-03 09:50", 22_000, {}),
    ("KC", "06-03 09:00", 25_300, {}),
    ("KC", "06-03 09:10", 25_301, {}),
    ("KC", "06-03 09:11", 24_000, {}),
    ("KC", "06-03 09:12", 18_700, {}),
    ("KC", "06-03 09:14", 18_699, {}),
    ("KC", "06-03 09:14:40", 18_600, {}),
    ("KC", "06-03 09:15:20", 22_000, {}),
    ("KD", "06-03 09:00", 22_000, {"interval_seconds": 60}),  # heard of at the deadline
    ("KD", "06-03 09:03", 22_000, {"interval_seconds": 60}),
    ("KD", "06-03 12:05", 22_000, {"interval_seconds": 240}),  # silent from 12:11 on, the clock from 12:05
    ("KE", "06-03 09:15", 22_000, MEAN),  # read at 09:15, heard of again from 10:00 on
    ("KE", "06-03 10:15", 22_000, MEAN),
    ("KE", "06-03 11:20", 22_000, MEAN),  # due at 12:05
    ("KF", "06-02 23:50", 22_000, {"interval_seconds": 600}),  # begun before midnight, silent after it
    ("KF", "06-03 12:00", 24_000, {}),  # running at 12:07
    ("KP", "06-03 09:00", 24_000, {}),
    ("KP", "06-03 09:10", 24_000, {"phase": "B"}),
    ("KP", "06-03 09:10", 22_000, {}),
    ("KP", "06-03 09:20", 22_000, {"phase": "B"}),
    ("S0", "06-03 12:00", 2_213, {}),  # suspect, and within limits
    ("S0", "06-03 12:00", 22_000, {"phase": "B"}),
    ("S1", "06-03 12:00", 0, {}),  # suspect, and out of limits
    ("S1", "06-03 12:00", 24_000, {"phase": "B"}),
    ("S2", "06-03 12:00", 22_000, {"qualities": [8]}),  # excluded
)


# Told a month and more after it happened: whole lives in days long past, which the horizon of readings does not reach.
LATE = (
    ("outage_id", "OL", "started", "04-03 08:00", {"kind": "fault", "areas": [{"area": "A", "customers": 30}]}),
    ("outage_id", "OL", "restored", "04-03 11:00", {}),
    (
        "work_order_id",
        "WL",
        "created",
        "03-31 23:00",
        {"report_received_at": rfc("03-31 22:50"), "work_type": "repair", "origin": "call", "area": "A"},
    ),
    ("work_order_id", "WL", "arrived", "03-31 23:30", {}),
    ("complaint_id", "CL", "accepted", "04-07 10:00", {"case_kind": "complaint", "area": "A"}),
    ("complaint_id", "CL", "closed", "04-20 10:00", {}),
)


def _outages(written: "Written") -> None:
    for name, kind, began, areas, ended in OUTAGES:
        counts = [{"area": area or None, "customers": customers} for area, customers in areas.items()]
        written.case("outage_id", name, "started", began, kind=kind, areas=counts)
        if ended is not None:
            written.case("outage_id", name, "restored", ended)
    for name, event_type, when, said in TOLD_OF_OUTAGES:
        written.case("outage_id", name, event_type, when, **said)
    written.case("outage_id", "O9", "predicted", "06-04 08:00", areas=[{"area": "A", "customers": 9}])


# Promises about named instants, of closed cases, and facts in an order that they cannot have had.
def _plan(start: str, end: str, announced: str | None = None) -> dict[str, Any]:
    return {"start": rfc(start), "end": rfc(end), "announced_at": announced and rfc(announced)}


EARLY_PLAN = _plan("06-05 09:00", "06-05 12:00")
KEPT_PLAN = _plan("06-04 09:00", "06-04 12:00", "05-28 09:00")
AT_A = {"areas": [{"area": "A", "customers": 3}]}
CALL = {"work_type": "repair", "origin": "call", "area": "A", "report_received_at": rfc("06-03 08:00")}
PROMISES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("outage_id", "T1", "started", "06-03 08:00", {"kind": "fault"} | AT_A),
    ("outage_id", "T1", "etr", "06-03 08:05", {"etr": rfc("06-03 09:00")}),
    ("outage_id", "T1", "etr", "06-03 09:00", {"etr": rfc("06-03 10:00")}),
    ("outage_id", "T1", "restored", "06-03 09:50", {}),
    ("outage_id", "T2", "started", "06-03 08:00", {"kind": "fault"} | AT_A),
    ("outage_id", "T2", "etr", "06-03 08:05", {"etr": rfc("06-03 09:00")}),
    ("outage_id", "T2", "etr", "06-03 09:05", {"etr": rfc("06-03 11:00")}),
    ("outage_id", "T2", "restored", "06-03 10:50", {}),
    ("outage_id", "P1", "scheduled", "05-27 09:00", {"kind": "planned", "plan": KEPT_PLAN}),
    ("outage_id", "P1", "started", "06-04 08:50", {"kind": "planned"} | AT_A),
    ("outage_id", "P1", "restored", "06-04 12:10", {}),
    ("outage_id", "P2", "scheduled", "05-20 09:00", {"plan": _plan("06-05 09:00", "06-05 12:00", "05-20 09:00")}),
    ("outage_id", "P2", "scheduled", "06-02 09:00", {"plan": _plan("06-03 09:00", "06-03 12:00", "05-20 09:00")}),
    ("outage_id", "P2", "started", "06-03 09:00", {"kind": "planned"} | AT_A),
    ("outage_id", "P2", "restored", "06-03 10:00", {}),
    ("outage_id", "P3", "started", "06-03 09:00", {"kind": "planned"} | AT_A),
    ("outage_id", "P3", "restored", "06-03 10:00", {}),
    ("outage_id", "T3", "started", "06-03 08:00", {"kind": "fault"} | AT_A),
    ("outage_id", "T3", "etr", "06-03 08:05", {"etr": rfc("06-03 07:50")}),
    ("outage_id", "T3", "restored", "06-03 10:50", {}),
    ("outage_id", "P4", "scheduled", "06-02 09:00", {"kind": "temporary", "plan": EARLY_PLAN}),
    ("outage_id", "P4", "started", "06-03 08:00", {"kind": "temporary"} | AT_A),
    ("outage_id", "P4", "restored", "06-03 09:00", {}),
    ("outage_id", "P5", "scheduled", "05-27 09:00", {"kind": "planned", "plan": KEPT_PLAN}),
    ("outage_id", "P5", "started", "06-04 12:20", {"kind": "planned"} | AT_A),
    ("outage_id", "P5", "restored", "06-04 12:40", {}),
    ("work_order_id", "W12", "created", "06-03 08:00", CALL),
    ("work_order_id", "W12", "closed", "06-03 07:50", {}),
    ("work_order_id", "W10", "created", "06-03 08:00", CALL),
    ("work_order_id", "W10", "closed", "06-03 08:20", {}),
    ("work_order_id", "W10", "dispatched", "06-03 08:25", {"crew": "k1"}),
    ("work_order_id", "W11", "created", "06-03 08:00", CALL),
    ("work_order_id", "W11", "arrived", "06-03 08:20", {}),
    ("work_order_id", "W11", "dispatched", "06-03 08:25", {"crew": "k1"}),
    ("complaint_id", "C16", "accepted", "06-03 09:30", {"case_kind": "complaint", "area": "A"}),
    ("complaint_id", "C16", "closed", "06-03 09:40", {}),
)


def events() -> list[Record]:
    """All records in the order of their time stamps, which are those of `arrives`."""
    written = Written()
    _outages(written)
    for name, area, received, arrived in ORDERS:
        said = {"report_received_at": rfc(received), "work_type": "repair", "origin": "call", "area": area}
        written.case("work_order_id", name, "created", received, **said)
        written.case("work_order_id", name, "dispatched", received, crew="k1")
        if arrived is not None:
            written.case("work_order_id", name, "arrived", arrived)
    written.case("work_order_id", "W5", "cancelled", "06-04 09:00")
    for name, accepted, moments in COMPLAINTS:
        said = {"case_kind": "complaint", "area": "A", "category": "service", "level": "general"}
        written.case("complaint_id", name, "accepted", accepted, **said)
        for event_type, when in moments.items():
            written.case("complaint_id", name, event_type, when)
    written.case("complaint_id", "C3", "closed", "06-05 12:00")
    written.case("complaint_id", "F1", "accepted", "06-03 02:00", case_kind="fault_report", area="A")
    for field, name, event_type, when, told in PROMISES:
        written.case(field, name, event_type, when, **told)
    for field, name, event_type, when, told in LATE:
        written.case(field, name, event_type, when, arrives="06-03 11:00", **told)
    for point, start, interval, values, said in (*FRAMES, *WEEK):
        end = max(at(start) + interval * len(values) + 60, at("06-02 12:00"))
        body = {"start": rfc(start), "values_centivolts": values, "interval_seconds": interval}
        written.voltage(point, "frame", end, body | said)
    for point, when, value, said in READINGS:
        arrives = at(said.get("arrives", when))
        body = {"occurred_at": rfc(when), "value_centivolts": value, "recorded_at": rfc(when)}
        written.voltage(point, "reading", arrives, body | {k: v for k, v in said.items() if k != "arrives"})
    return sorted(written.records, key=lambda record: record.timestamp)


class Written:
    """Records, numbered as they are written."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._numbers = itertools.count(1)

    def case(
        self, field: str, name: str, event_type: str, when: str, *, arrives: str | None = None, **said: Any
    ) -> None:
        number = next(self._numbers)
        value = {"event_type": event_type, field: name, "event_id": f"e{number}", "revision": number, "source": "oms"}
        value |= {"occurred_at": rfc(when), "recorded_at": rfc(when)} | said
        self._add(TOPICS[field], name, at(arrives or when), value)

    def voltage(self, point: str, event_type: str, arrives: int, said: dict[str, Any]) -> None:
        value = {"event_type": event_type, "area": "A", "point": point, "source": "ami", "phase": "A"}
        value |= {"recorded_at": rfc("06-03 02:00")} | said
        self._add(TOPICS["area"], value["area"], arrives, value)

    def _add(self, topic: str, key: str, when: int, value: dict[str, Any]) -> None:
        self.records.append(Record(topic, 0, len(self.records), when * 1000, key.encode(), orjson.dumps(value)))
