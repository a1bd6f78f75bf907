"""Complaint KPIs: the month of DOMAIN.md 1.4.1, from events to values, and edge case 73."""

from collections import Counter
from typing import get_args

from schemas.complaint import CaseKind
from streams.cases.registry import COMPLAINT
from streams.kpis import KPIS
from streams.kpis.complaints_opened import CASE_KINDS
from streams.kpis.kpi import Ratio, Served, Sums
from streams.kpis.variants import variants
from streams.publish.record import decimal
from tests.support.lives import complaint, look

VARIANTS = {(kpi.name, variant.key): variant for kpi in KPIS for variant in variants(kpi)}


def june(number, *later, accepted="02 09:00"):
    """So many cases of one lifecycle."""
    return [[complaint("accepted", accepted), *(complaint(*event) for event in later)] for _ in range(number)]


# Opened 120; 96 of them were closed, 6 of these reopened, of which 2 closed again; 14 more are closed from May.
REPLIED, CLOSED = ("replied", "04 09:00"), ("closed", "04 10:00")
MONTH = [
    *june(90, ("contacted", "02 12:00"), REPLIED, CLOSED),
    *june(4, REPLIED, CLOSED, ("reopened", "10 10:00")),
    *june(2, REPLIED, CLOSED, ("reopened", "10 10:00"), ("reopened", "10 11:00"), ("closed", "12 10:00")),
    *june(9),
    *june(15, accepted="28 09:00"),
    *june(14, ("closed", "05 10:00"), accepted="05-28 09:00"),
    *[[complaint("accepted", "03 09:00", case_kind=kind)] for kind in ("fault_report", "enquiry", "enquiry")],
]


def total(lifecycles, now, days="2026-06"):
    """The measures of the days that begin so, of scope all."""
    sums = Counter()
    for lifecycle in lifecycles:
        for (cell, measure), (amount, _) in look(COMPLAINT, lifecycle, now).measures.items():
            scope, _, day = cell.rpartition("|")
            if scope == "all" and day.startswith(days):
                sums[measure] += amount
    return sums


def value(name, sums, dims="-"):
    variant = VARIANTS[name, dims]
    return variant.kpi.value(Sums(sums, variant.heads), Served(None, 1))


def test_the_month_of_the_domain():
    sums = total(MONTH, "30 09:00")

    assert value("complaints_opened", sums) == Ratio(120, 1)
    assert value("complaint_closure_cohort", sums) == Ratio(92, 120)
    assert decimal(Ratio(92, 120)) == "0.766667"
    assert value("complaint_closure_flow", sums) == Ratio(106, 120)  # 92 now closed in June of June's, 14 of May's
    assert value("complaints_closed", sums) == Ratio(106, 1)
    assert value("complaints_closed", total(MONTH, "30 09:00", "2026-06-05")) == Ratio(14, 1)  # a day that accepts none
    assert value("complaint_reopen_share", sums) == Ratio(6, 110)  # first closed in June: 96 and 14
    assert value("complaint_reply_on_time", sums) == Ratio(96, 105)
    assert value("complaint_contact_on_time", sums) == Ratio(90, 120)
    assert value("customer_cases_accepted", sums, "case_kind=all") == Ratio(123, 1)
    assert value("customer_cases_accepted", sums, "case_kind=enquiry") == Ratio(2, 1)


def test_the_figures_of_the_domain_before_anything_was_reopened():
    """Its flow counts closings that a reopening undid since, and its share of 6 in 96 leaves May's out."""
    before = total(MONTH, "09 09:00")
    assert value("complaint_closure_cohort", before) == Ratio(96, 120)
    assert value("complaint_closure_flow", before) == Ratio(110, 120)
    own = total([lifecycle for lifecycle in MONTH if lifecycle[0].occurred_at >= MONTH[0][0].occurred_at], "30 09:00")
    assert value("complaint_reopen_share", own) == Ratio(6, 96)


def test_now_by_state_and_age():
    sums = total(MONTH, "30 09:00", "now")

    assert value("complaints_open", sums) == Ratio(28, 1)
    assert value("complaints_by_state", sums, "state=accepted") == Ratio(24, 1)
    assert value("complaints_by_state", sums, "state=reopened") == Ratio(4, 1)
    assert value("complaints_open_by_age", sums, "age=wd_2_3") == Ratio(15, 1)
    assert value("complaints_open_by_age", sums, "age=wd_gt_7") == Ratio(13, 1)
    assert value("complaints_overdue", sums) == Ratio(9, 1)


def test_73_clearing_a_backlog_the_flow_exceeds_1_and_the_cohort_does_not():
    lifecycles = [*june(10, ("closed", "02 17:00")), *june(3, ("closed", "02 18:00"), accepted="01 09:00")]
    sums = total(lifecycles, "03 00:00", "2026-06-02")
    assert value("complaint_closure_flow", sums) == Ratio(13, 10)
    assert value("complaint_closure_cohort", sums) == Ratio(10, 10)


def test_every_kind_of_case_is_a_value_of_the_dimension():
    assert get_args(CaseKind) == CASE_KINDS
