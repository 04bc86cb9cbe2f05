"""The running service: assembly, worker, first start, health, logs, metrics."""
