"""Facts about cases that come long after what they speak of, by hand, against the oracle alone."""


def forgotten(lines):
    """An outage of 05-01 whose end is entered on 06-10, and what a first load on that day has."""
    late = {"arrives": "06-10 10:00"}
    lines.area("A", customers=1000)
    lines.outage("O", "started", "05-01 08:00", areas={"A": 100})
    lines.outage("O", "restored", "05-01 09:00", **late)
    lines.outage("P", "started", "04-11 08:00", areas={"A": 7}, **late)
    for case in ("C", "D"):
        lines.complaint(case, "accepted", "04-20 10:00", case_kind="complaint", area="A", **late)
    lines.complaint("D", "closed", "05-20 10:00", **late)
    return lines


def test_a_forgotten_end_closes_the_outage_and_a_first_load_opens_what_is_open(lines):
    out, saidi, opened, complaints, cohort, april = forgotten(lines).ratios(
        "06-10 12:00",
        "customers_out|all|kind=fault|now",
        "saidi|all|kind=fault|2026-05-01",
        "outages_open|all|kind=fault|now",
        "complaints_open|all|-|now",
        "complaint_closure_cohort|all|-|2026-04-20",
        "saifi|all|kind=fault|2026-04-11",
    )
    assert out == (7, 1)
    assert saidi == (100 * 3600, 60 * 1000)
    assert (opened, complaints, cohort) == ((1, 1), (1, 1), (1, 2))
    assert april == (7, 1000)


def test_what_lies_before_the_horizon_of_cases_is_in_no_number(lines):
    forgotten(lines)
    assert lines.ratios("06-10 12:00", "customers_out|all|kind=fault|now", case_horizon_days=61) == [(7, 1)]
    assert lines.ratios("06-10 12:00", "customers_out|all|kind=fault|now", case_horizon_days=60) == [(0, 1)]
