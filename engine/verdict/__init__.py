"""The verdict: from statuses of grounds to an outcome, and what would change it."""
