"""Tests of the engine, one folder for each of its own; they know no real treaty."""
