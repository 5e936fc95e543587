"""Mirrors api/cases."""
