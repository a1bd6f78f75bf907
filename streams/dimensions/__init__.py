"""The dimensions of every number: periods of the calendar, and scopes (areas, regions, crews, levels)."""
