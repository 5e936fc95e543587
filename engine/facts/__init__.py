"""Facts: the vocabulary, a case's findings in it, and what they come to under one reading."""
