"""Properties that hold for every rule base and every case."""
