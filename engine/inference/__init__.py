"""Applying criteria to facts: one program, two engines that must agree."""
