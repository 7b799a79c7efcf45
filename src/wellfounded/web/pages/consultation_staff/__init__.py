"""The pages on which responses are read, linked, answered and signed off."""
