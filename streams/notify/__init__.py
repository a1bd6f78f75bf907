"""`gridpulse notify`: announcements of clocks as alerts of an Alertmanager."""
