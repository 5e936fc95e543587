"""Tests of the graph of an answer."""
