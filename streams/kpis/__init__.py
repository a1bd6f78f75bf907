"""The registry of KPIs: a KPI is a file here and a line in KPIS; records, API, series and docs follow from it."""

from collections.abc import Mapping
from types import MappingProxyType

from streams.kpis.arrival_on_time import ARRIVAL_ON_TIME_SHARE
from streams.kpis.arrival_time import ARRIVAL_TIME_MEAN, ARRIVAL_TIME_P50, ARRIVAL_TIME_P90
from streams.kpis.caidi import CAIDI
from streams.kpis.complaint_closure import COMPLAINT_CLOSURE_COHORT, COMPLAINT_CLOSURE_FLOW
from streams.kpis.complaint_contact import COMPLAINT_CONTACT_ON_TIME
from streams.kpis.complaint_reopen import COMPLAINT_REOPEN_SHARE
from streams.kpis.complaint_reply import COMPLAINT_REPLY_ON_TIME
from streams.kpis.complaints_closed import COMPLAINTS_CLOSED
from streams.kpis.complaints_open import (
    COMPLAINTS_BY_STATE,
    COMPLAINTS_OPEN,
    COMPLAINTS_OPEN_BY_AGE,
    COMPLAINTS_OVERDUE,
)
from streams.kpis.complaints_opened import COMPLAINTS_OPENED, CUSTOMER_CASES_ACCEPTED
from streams.kpis.customers_out import CUSTOMERS_OUT
from streams.kpis.kpi import Kpi, Role
from streams.kpis.orders_open import ORDERS_OPEN
from streams.kpis.outages_open import OUTAGES_BY_STATE, OUTAGES_OPEN, OUTAGES_OPEN_BY_AGE
from streams.kpis.restoration_time import (
    RESTORATION_TIME_CUSTOMERS_MEAN,
    RESTORATION_TIME_CUSTOMERS_P50,
    RESTORATION_TIME_CUSTOMERS_P90,
    RESTORATION_TIME_MEAN,
    RESTORATION_TIME_P50,
    RESTORATION_TIME_P90,
)
from streams.kpis.saidi import SAIDI
from streams.kpis.saifi import SAIFI
from streams.kpis.sla import (
    SLA_BREACHES,
    SLA_CLOCKS_OPEN,
    SLA_COMMITMENT,
    SLA_DEFAULT,
    SLA_LAW,
    SLA_ON_TIME_SHARE,
)
from streams.kpis.voltage_clocks import VOLTAGE_CLOCKS_BROKEN, VOLTAGE_CLOCKS_ON_TIME_SHARE, VOLTAGE_CLOCKS_OPEN
from streams.kpis.voltage_combined import VOLTAGE_COMPLIANCE_COMBINED
from streams.kpis.voltage_compliance import (
    VOLTAGE_COMPLIANCE,
    VOLTAGE_COMPLIANCE_TIME,
    VOLTAGE_POINTS_LOW_COVERAGE,
)
from streams.kpis.voltage_coverage import VOLTAGE_COVERAGE
from streams.kpis.voltage_en50160 import VOLTAGE_EN50160, VOLTAGE_EN50160_UNKNOWN
from streams.kpis.voltage_points import (
    VOLTAGE_AREAS_OUT,
    VOLTAGE_POINTS_MISSING,
    VOLTAGE_POINTS_OUT,
    VOLTAGE_POINTS_OUT_LONG,
    VOLTAGE_POINTS_SILENT,
    VOLTAGE_POINTS_SUSPECT,
)

__all__ = ["DROPPED", "KPIS", "ROLE_OF", "Kpi"]

KPIS: tuple[Kpi, ...] = (
    CUSTOMERS_OUT,
    OUTAGES_OPEN,
    OUTAGES_BY_STATE,
    OUTAGES_OPEN_BY_AGE,
    RESTORATION_TIME_MEAN,
    RESTORATION_TIME_P50,
    RESTORATION_TIME_P90,
    RESTORATION_TIME_CUSTOMERS_MEAN,
    RESTORATION_TIME_CUSTOMERS_P50,
    RESTORATION_TIME_CUSTOMERS_P90,
    SAIDI,
    SAIFI,
    CAIDI,
    ARRIVAL_TIME_MEAN,
    ARRIVAL_TIME_P50,
    ARRIVAL_TIME_P90,
    ARRIVAL_ON_TIME_SHARE,
    ORDERS_OPEN,
    CUSTOMER_CASES_ACCEPTED,
    COMPLAINTS_OPENED,
    COMPLAINTS_CLOSED,
    COMPLAINT_CLOSURE_COHORT,
    COMPLAINT_CLOSURE_FLOW,
    COMPLAINT_CONTACT_ON_TIME,
    COMPLAINT_REPLY_ON_TIME,
    COMPLAINT_REOPEN_SHARE,
    COMPLAINTS_OPEN,
    COMPLAINTS_BY_STATE,
    COMPLAINTS_OPEN_BY_AGE,
    COMPLAINTS_OVERDUE,
    SLA_CLOCKS_OPEN,
    SLA_ON_TIME_SHARE,
    SLA_LAW,
    SLA_COMMITMENT,
    SLA_DEFAULT,
    SLA_BREACHES,
    VOLTAGE_COMPLIANCE,
    VOLTAGE_COMPLIANCE_TIME,
    VOLTAGE_COMPLIANCE_COMBINED,
    VOLTAGE_COVERAGE,
    VOLTAGE_POINTS_LOW_COVERAGE,
    VOLTAGE_EN50160,
    VOLTAGE_EN50160_UNKNOWN,
    VOLTAGE_POINTS_OUT,
    VOLTAGE_POINTS_OUT_LONG,
    VOLTAGE_POINTS_SILENT,
    VOLTAGE_POINTS_SUSPECT,
    VOLTAGE_POINTS_MISSING,
    VOLTAGE_AREAS_OUT,
    VOLTAGE_CLOCKS_OPEN,
    VOLTAGE_CLOCKS_ON_TIME_SHARE,
    VOLTAGE_CLOCKS_BROKEN,
)

# KPIs of earlier releases, with the role that published them: it retires their records. Any other name that is not in
# KPIS may belong to a newer release, whose workers run beside the workers of this one during an upgrade.
DROPPED: Mapping[str, Role] = MappingProxyType({})

ROLE_OF: Mapping[str, Role] = MappingProxyType({kpi.name: kpi.role for kpi in KPIS})
