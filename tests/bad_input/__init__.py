"""A museum of broken files."""
