"""The training room's logic: lessons, partings, votes, exercises, sessions as kept."""
