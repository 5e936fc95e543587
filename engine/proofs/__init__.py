"""Proof: why each ground has its status, down to the findings and exhibits."""
