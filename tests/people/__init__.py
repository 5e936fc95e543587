"""Tests of people, their ways in and their sessions."""
