"""Tests of webhooks: T19."""
