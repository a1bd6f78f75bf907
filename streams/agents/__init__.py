"""Thin I/O around the pure core: what the lane drives, what the readers feed."""
