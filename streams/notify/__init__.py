"""`gridpulse notify`, from announcements of clocks to the alerts of an Alertmanager."""
