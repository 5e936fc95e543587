"""Who is bound."""
