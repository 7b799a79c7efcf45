"""People's data: who works here, what was done, and what is still to be done, as tables."""
