"""Mirrors api/cli."""
