"""Mirrors api/documents/text."""
