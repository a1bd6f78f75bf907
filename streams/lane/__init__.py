"""Faust made fast and exact: batches in, one writer per source partition, transactions out. Knows no KPI."""
