"""`gridpulse notify`: what grid.sla-breaches.v1 says is open, as alerts of an Alertmanager that name the case."""
