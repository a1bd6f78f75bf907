"""Sums of contributions by cell and measure, and the sums of all partitions added up."""
