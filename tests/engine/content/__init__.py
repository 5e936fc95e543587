"""Reading and checking content."""
