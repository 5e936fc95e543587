"""The wiring: one place that hands engine, store and worker processes to whoever answers a request."""
