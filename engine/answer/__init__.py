"""The answer: its model, how evaluated cases are put into it, its record and its receipt."""
