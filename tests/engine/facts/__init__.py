"""Facts, cases and readings."""
