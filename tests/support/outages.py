"""The two outages that DOMAIN.md computes by hand."""

from tests.support.lives import outage

LATER = "30 00:00"


def o1():
    return [
        outage("started", "03 08:00", areas={"A": 1000}),
        outage("step_restored", "03 08:40", areas={"A": 400}),
        outage("step_restored", "03 09:30", areas={"A": 100}),
        outage("restored", "03 12:00"),
    ]


def o2():
    return [outage("started", "10 22:30", areas={"A": 200}), outage("restored", "11 00:30")]
