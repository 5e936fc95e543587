"""Law as data: reading rules/ and instruments/ into one checked pack."""
