"""Tests of jobs and chores."""
