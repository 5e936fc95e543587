"""Mirrors api/operations/observe."""
