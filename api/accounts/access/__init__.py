"""Who is calling and what they may do: the same for a program with a key and a person who signed in."""
