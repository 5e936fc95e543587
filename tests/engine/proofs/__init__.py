"""Proofs and what is missing."""
