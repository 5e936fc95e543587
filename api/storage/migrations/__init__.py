"""Alembic migrations, one file for each released schema; the same for SQLite and PostgreSQL."""
