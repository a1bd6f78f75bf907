"""Random lifecycles: few identities and instants, so that events repeat, collide, contradict and correct each other."""

from hypothesis import strategies as st

import schemas.complaint as complaint_events
import schemas.order as order_events
import schemas.outage as outage_events
from schemas.event import format_instant
from streams.cases.registry import COMPLAINT, ORDER, OUTAGE

NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
INSTANTS = st.integers(0, 12).map(lambda n: NOON + 100 * n)
AREAS = ("A", "B", "C", "U", "not on any map", None)
CUSTOMERS = st.none() | st.integers(0, 9)

ENVELOPE = {
    "event_id": st.sampled_from(("e1", "e2", "e3", "e4", "e5")),
    "revision": st.sampled_from((0, 1, 2, 3, 10**9)),
    "occurred_at": INSTANTS,
    "recorded_at": st.integers(0, 3).map(lambda n: NOON + n),
    "source": st.sampled_from(("oms", "scada", "desk")),
    "corrects": st.none() | st.sampled_from(("e1", "e2", "s1")) | INSTANTS.map(format_instant),
    "void": st.sampled_from((False, False, False, True)),
    "pin": st.sampled_from((False, False, False, True)),
}
KIND = st.sampled_from(("fault", "planned", "load_shedding", "non_payment", "customer_caused", "upstream", "psps"))
PLAN = st.tuples(INSTANTS, INSTANTS, st.none() | INSTANTS).map(
    lambda at: {"start": min(at[:2]), "end": max(at[:2]), "announced_at": at[2]}
)


def _list(item, least=0):
    return st.lists(item, min_size=least, max_size=3, unique_by=lambda entry: entry["area"])


COUNTS = _list(st.fixed_dictionaries({"area": st.sampled_from(AREAS), "customers": CUSTOMERS}))
SOME_COUNTS = COUNTS.filter(bool)
REMAINING = _list(
    st.fixed_dictionaries(
        {"area": st.sampled_from(AREAS), "remaining": CUSTOMERS}, optional={"restored": st.integers(0, 9)}
    ),
    least=1,
)
CYCLE = st.integers(1, 2)


def _events(module, key, **bodies):
    def build(name, required, optional):
        cls = getattr(module, "".join(word.capitalize() for word in name.split("_")))
        fields = st.fixed_dictionaries({**ENVELOPE, **required}, optional=optional)
        return fields.map(lambda values: cls(**key, **values))

    return st.one_of(*(build(name, *body) for name, body in bodies.items()))


_SUPPLY = {
    "started": ({"kind": KIND, "cycle": CYCLE}, {"areas": COUNTS, "plan": PLAN}),
    "extended": ({"areas": REMAINING}, {}),
    "step_restored": ({"areas": REMAINING, "by": st.just("repair")}, {"step": st.sampled_from(("s1", "s2"))}),
    "count_revised": ({"areas": SOME_COUNTS, "cycle": CYCLE}, {}),
    "restored": ({"cycle": CYCLE}, {}),
}
SUPPLY_EVENTS = _events(outage_events, {"outage_id": "O"}, **_SUPPLY)
OUTAGE_EVENTS = SUPPLY_EVENTS | _events(
    outage_events,
    {"outage_id": "O"},
    predicted=({}, {"areas": COUNTS, "kind": st.none() | KIND}),
    scheduled=({"plan": PLAN}, {"kind": KIND}),
    announced=({"plan": PLAN}, {"areas": COUNTS}),
    closed=({}, {}),
    cancelled=({}, {}),
    merged=({"into": st.sampled_from(("P", "Q"))}, {}),
    split=({"into": st.just(["P", "Q"])}, {}),
    info_published=({"about": st.sampled_from(("etr", "fault", "restoration"))}, {}),
    etr=({"etr": st.none() | INSTANTS}, {}),
)
CREW = {"crew": st.sampled_from(("k1", "k2"))}
ORDER_EVENTS = _events(
    order_events,
    {"work_order_id": "W"},
    created=(
        {
            "report_received_at": INSTANTS,
            "work_type": st.sampled_from(("repair", "repair", "reconnection", "tree_cutting")),
            "origin": st.just("call"),
        },
        {"area": st.sampled_from(AREAS), "triggered_by": st.just(["m1", "m2"])},
    ),
    dispatched=(CREW, {}),
    reassigned=(CREW, {}),
    accepted=({}, {}),
    en_route=({}, {}),
    arrived=({}, {}),
    waiting=({"reason": st.just("material")}, {}),
    resumed=({}, {}),
    field_complete=({}, {}),
    returned=({}, {}),
    cancelled=({}, {}),
    closed=({}, {}),
    rated=({"score": st.integers(1, 5)}, {}),
)
COMPLAINT_EVENTS = _events(
    complaint_events,
    {"complaint_id": "C"},
    accepted=(
        {"case_kind": st.sampled_from(("complaint", "complaint", "complaint", "enquiry", "hint"))},
        {
            "area": st.sampled_from(AREAS),
            "category": st.sampled_from((None, "outage", "service", "billing")),
            "level": st.sampled_from((None, "major", "general", "p1")),
            "customer_ref": st.sampled_from((None, "110000012345", "110000067890")),
        },
    ),
    assigned=({"unit": st.just("u1")}, {}),
    returned=({}, {}),
    transferred=({"unit": st.just("u2")}, {}),
    forwarded=({}, {}),
    contacted=({}, {"purpose": st.just("callback")}),
    replied=({}, {}),
    ruled=({"justified": st.booleans()}, {}),
    linked=({}, {"outage_id": st.sampled_from((None, "O")), "area": st.just("B")}),
    survey_sent=({}, {}),
    rated=({"score": st.integers(1, 5)}, {}),
    closed=({}, {}),
    reopened=({}, {}),
    withdrawn=({}, {}),
)


OF_KIND = {OUTAGE: OUTAGE_EVENTS, ORDER: ORDER_EVENTS, COMPLAINT: COMPLAINT_EVENTS}
