"""The SLA timers (clocks) of cases: policies, working calendars, deadlines, announcements. Pure."""
