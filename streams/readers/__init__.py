"""Compacted topics into memory, with read time."""
