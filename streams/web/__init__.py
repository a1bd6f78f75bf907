"""The wallboard, the API and /metrics, from compacted topics in memory; the metrics and probes of a worker."""
