"""Tiles of complaints: open cases, due cases, and commitments met."""

from typing import get_args

from schemas.complaint import Category
from streams.dimensions.scopes import UNKNOWN
from streams.web.tiles.tile import Places, Shown, Tile

OLD = frozenset(("wd_gt_7",))  # most companies commit to a reply within seven working days


def _share(name: str, kpi: str, period: str, other: str) -> Tile:
    return Tile(name, "percent", "unit.percent", "complaints", Shown(kpi, period), (Shown(kpi, other, label=other),))


COMPLAINTS = (
    Tile("complaints_open", "count", "unit.complaints", "complaints", Shown("complaints_open", "now"),
         parts=(Shown("complaints_by_state", "now", by="state", label_prefix="complaint"),),
         beyond=frozenset(("incomplete",))),
    Tile("complaints_old", "count", "unit.complaints", "complaints", Shown("complaints_open_by_age", "now", by="age"),
         parts=(Shown("complaints_open_by_age", "now", by="age"),), only=OLD, bars=True, alarm=True, alarming=OLD,
         note="by_age"),
    Tile("complaints_overdue", "count", "unit.complaints", "complaints", Shown("complaints_overdue", "now"),
         alarm=True),
    Tile("complaints_opened", "count", "unit.complaints", "complaints", Shown("complaints_opened", "today"),
         beside=(Shown("complaints_closed", "today", label="closed_today"),
                 Shown("complaints_opened", "month", label="month"))),
    Tile("complaints_category", "count", "unit.complaints", "complaints", Shown("complaints_opened", "month"),
         parts=(Places("complaints_opened", "month", "category", (*get_args(Category), UNKNOWN)),)),
    Tile("intake", "count", "unit.cases", "cases", Shown("customer_cases_accepted", "today"),
         parts=(Shown("customer_cases_accepted", "today", by="case_kind"),)),
    _share("contact_on_time", "complaint_contact_on_time", "today", "month"),
    _share("reply_on_time", "complaint_reply_on_time", "month", "last30d"),
    _share("closure_cohort", "complaint_closure_cohort", "month", "last30d"),
    _share("closure_flow", "complaint_closure_flow", "today", "month"),
    _share("reopen_share", "complaint_reopen_share", "month", "last30d"),
)  # fmt: skip
