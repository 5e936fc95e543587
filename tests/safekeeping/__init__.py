"""Tests of safekeeping: audit by command, backup and restore, export and import, retention, key recovery."""
