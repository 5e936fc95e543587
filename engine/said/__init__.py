"""Saying it: turning evaluated cases into the parts of an answer."""
