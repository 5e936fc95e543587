"""Mirrors api/text."""
