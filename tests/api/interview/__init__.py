"""Mirrors api/interview."""
