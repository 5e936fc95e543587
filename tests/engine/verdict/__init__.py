"""Outcomes, flip sets, questions, clocks."""
