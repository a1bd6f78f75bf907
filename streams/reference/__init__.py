"""Reference data: the network, the rules, the calendars, the commitments; every value is frozen."""
