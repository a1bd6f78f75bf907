"""What each field of the input contracts is for: one row a need, the first that matches a field is its."""

from typing import Final

from deploy.needed import (
    ARRIVAL,
    BACKLOG,
    BEFORE_START,
    BY_ESTIMATE,
    BY_FORWARDING,
    BY_KIND,
    BY_NEWS,
    BY_REOPENING,
    BY_STATE,
    CLOSURE,
    COMPLAINTS,
    CONTACT,
    CUSTOMERS_OUT,
    INTERRUPTIONS,
    KEPT,
    LISTED,
    ORDERS,
    OUT,
    OVERDUE,
    REPLY,
    REQUIRED,
    RESTORED,
    SLA,
    STATES,
    STEPS_OF_ORDERS,
    WHOLE_FAMILY,
    Need,
    clocks,
    reading,
)
from deploy.needs_of_points import MEASURED, NETWORK


def _envelope(family: str, identity: str) -> tuple[Need, ...]:
    """The fields that all events of a family share; first, for no event has another meaning for them."""
    every, timed = WHOLE_FAMILY[family], clocks(family)
    holds = f"{REQUIRED} They decide which statement holds."
    replaced = "A wrong statement can be replaced by a greater revision only."
    return (
        Need((f"*.{identity}", "*.event_type", "*.event_id"), every, REQUIRED, timed),
        Need(("*.revision", "*.recorded_at", "*.source"), every, holds, timed),
        Need(("*.corrects", "*.void", "*.pin"), every, replaced, timed),
    )


OUTAGES: Final = (
    *_envelope("outages", "outage_id"),
    Need(
        ("started.occurred_at", "started.cycle"),
        (*OUT, *RESTORED, *INTERRUPTIONS),
        "Without `started` there is no interruption: the case is only counted by its state.",
        clocks("outages", "started", "known"),
    ),
    Need(
        ("restored.occurred_at", "restored.cycle"),
        (*OUT, *RESTORED, *INTERRUPTIONS),
        "Without `restored` the interruption goes on: it stays open, and its customer-seconds grow.",
        clocks("outages", "restored"),
    ),
    Need(
        ("*.areas.remaining", "extended.occurred_at", "step_restored.occurred_at"),
        (*CUSTOMERS_OUT, *INTERRUPTIONS),
        "Without steps all customers count as out until `restored`.",
    ),
    Need(
        ("count_revised.occurred_at", "count_revised.cycle", "*.areas.customers"),
        (*CUSTOMERS_OUT, *INTERRUPTIONS),
        "Unknown customers count as 0: customers out and the indices are too small (finding `customers_unknown`).",
    ),
    Need(
        ("*.areas.area",),
        WHOLE_FAMILY["outages"],
        "The outage counts for everything, but in region `unknown`.",
        clocks("outages", "area_type"),
    ),
    Need(("*.kind",), WHOLE_FAMILY["outages"], "It counts under kind `unknown` and `all` only.", BY_KIND),
    Need(
        ("cancelled.occurred_at", "merged.*", "closed.occurred_at"),
        OUT,
        "A case that is no outage any more stays among the open ones.",
        clocks("outages", "closed"),
    ),
    Need(
        ("predicted.occurred_at", "confirmed.occurred_at", "scheduled.occurred_at", "announced.occurred_at"),
        (*STATES, *SLA),
        "The state before the start is not counted, and the clocks that begin with it do not run.",
        clocks("outages", *BEFORE_START),
    ),
    Need(
        ("*.plan.start", "*.plan.end", "*.plan.announced_at"),
        SLA,
        "Notice and overrun of planned outages have no clocks; without `announced_at` only `announced` is a notice.",
        clocks("outages", "plan_start", "plan_end", "notice"),
    ),
    Need(("etr.etr", "etr.occurred_at"), SLA, "The estimate counts as missing, and none can be passed.", BY_ESTIMATE),
    Need(("info_published.about", "info_published.occurred_at"), SLA, "News count as not published.", BY_NEWS),
    Need(("*.areas.important",), SLA, "Limits for important customers do not hold.", clocks("outages", "important")),
    Need(("*.cause",), (), LISTED),
    Need(("*",), (), KEPT),
)
REPAIRS: Final = (
    *_envelope("repairs", "work_order_id"),
    Need(("created.report_received_at",), ARRIVAL, f"{REQUIRED} The clocks run from it.", clocks("repairs", "report")),
    Need(
        ("arrived.occurred_at",),
        ARRIVAL,
        "Without `arrived` nobody arrived: the order is late once its limit has passed, and has no arrival time.",
        clocks("repairs", "arrived"),
    ),
    Need(
        ("created.area",),
        (*ARRIVAL, *ORDERS),
        "It counts in region `unknown`; its limit is not known, so on-time arrival leaves it out.",
        clocks("repairs", "area_type"),
    ),
    Need(("*.crew",), (*ARRIVAL, *ORDERS), "The order counts for no crew."),
    Need(
        ("created.occurred_at", "created.work_type", "created.origin"),
        (*ORDERS, *SLA),
        REQUIRED,
        clocks("repairs", "work_type"),
    ),
    Need(
        ("waiting.reason",), SLA, f"{REQUIRED} It decides whether waiting pauses a clock.", clocks("repairs", "paused")
    ),
    Need(
        ("closed.occurred_at", "cancelled.occurred_at"),
        (*ARRIVAL, *ORDERS),
        "The order stays open.",
        clocks("repairs", "closed", "cancelled"),
    ),
    Need(
        ("*.occurred_at",),
        (*ORDERS, *SLA),
        "The order's state is older than it is, its clocks run on.",
        clocks("repairs", *STEPS_OF_ORDERS),
    ),
    Need(("*",), (), KEPT),
)
CASES: Final = (
    *_envelope("complaints", "complaint_id"),
    Need(
        ("accepted.occurred_at", "accepted.case_kind"),
        WHOLE_FAMILY["complaints"],
        "Without `accepted` the case is incomplete: it only counts under that state.",
        clocks("complaints", "accepted"),
    ),
    Need(("accepted.category",), COMPLAINTS, "It counts under category `unknown`.", clocks("complaints", "category")),
    Need(("accepted.level",), COMPLAINTS, "It counts under level `unknown`.", clocks("complaints", "level")),
    Need(("accepted.area",), COMPLAINTS, "It counts in region `unknown`."),
    Need(
        ("contacted.occurred_at",),
        (*CONTACT, *BY_STATE),
        "Nobody contacted the customer, unless a reply did: the case is late after its limit.",
        clocks("complaints", "contacted"),
    ),
    Need(
        ("replied.occurred_at",),
        (*CONTACT, *REPLY, *BY_STATE, *OVERDUE),
        "The first closing counts as the reply; without either the case is late after its limit.",
        clocks("complaints", "replied"),
    ),
    Need(
        ("closed.occurred_at",),
        (*CLOSURE, *REPLY, *BACKLOG),
        "The case stays open. Its first closing is its reply, where none came before.",
        clocks("complaints", "replied"),
    ),
    Need(("reopened.occurred_at",), (*CLOSURE, *BACKLOG, *SLA), "A reopened case counts as closed.", BY_REOPENING),
    Need(("forwarded.occurred_at",), SLA, "A major complaint counts as not forwarded.", BY_FORWARDING),
    Need(
        ("withdrawn.occurred_at",),
        (*reading("complaints_cohort"), *CONTACT, *REPLY, *BACKLOG),
        "A case that was taken back counts as one to be closed.",
        clocks("complaints", "withdrawn"),
    ),
    Need(
        ("assigned.occurred_at", "returned.occurred_at", "transferred.occurred_at"),
        BY_STATE,
        "The case's state is older than it is.",
    ),
    Need(("accepted.customer_ref",), (), "No KPI reads it; the customer is not known, not even as a keyed hash."),
    Need(("*",), (), KEPT),
)
NEEDS: Final = {"outages": OUTAGES, "repairs": REPAIRS, "complaints": CASES, "voltage": MEASURED, "network": NETWORK}
