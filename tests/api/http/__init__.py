"""Mirrors api/web."""
