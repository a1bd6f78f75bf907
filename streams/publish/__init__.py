"""Which KPI records are written, and when: from sums to the records that have changed."""
