"""What the service tells its operators: structured logs and metrics, neither with anything of a case."""
