"""How we know: decided cases, checks of the content, unit tests, and a fictional treaty."""
