"""Mirrors api/http."""
