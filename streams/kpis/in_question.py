"""The findings that put customers in question: a KPI that counts such customers shows the findings with its value.

A cell has two measures for each: `in_question|<rule>|<kind>`, customers, and `in_question_cases|<rule>|<kind>`, cases.
"""

from typing import Final

MERGED_AFTER_START: Final = "merged_after_start"
SPLIT_WITHOUT_END: Final = "split_without_end"
AREA_UNKNOWN: Final = "area_unknown"
CUSTOMERS_UNKNOWN: Final = "customers_unknown"
MORE_AFFECTED: Final = "more_affected_than_served"
MORE_RESTORED: Final = "more_restored_than_remained"
RESTORED_DISAGREES: Final = "restored_disagrees_with_remaining"
REMAINING_AGAINST_EVENT: Final = "remaining_against_event"
CASE_FULL: Final = "case_full"
MORE_OUT: Final = "more_out_than_served"  # of a scope, not of a single case

OF_CASES: Final = (
    MERGED_AFTER_START,
    SPLIT_WITHOUT_END,
    AREA_UNKNOWN,
    CUSTOMERS_UNKNOWN,
    MORE_AFFECTED,
    MORE_RESTORED,
    RESTORED_DISAGREES,
    REMAINING_AGAINST_EVENT,
    CASE_FULL,
)
CUSTOMERS: Final = "in_question"
CASES: Final = "in_question_cases"
