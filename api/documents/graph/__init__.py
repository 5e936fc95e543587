"""The reasoning as a picture: facts, criteria, grounds and outcome in columns, and the same in words."""
