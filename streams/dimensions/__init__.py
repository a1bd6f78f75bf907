"""What every number is told apart by: periods of the calendar, and scopes (areas, regions, crews, levels)."""
