"""What numbers are made with besides the events: the network, the rules, the calendars; every value is frozen."""
