"""Mirrors api/observe."""
