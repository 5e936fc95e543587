"""Tests of storage, on SQLite and, where one answers, on PostgreSQL."""
