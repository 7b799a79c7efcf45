"""Policies, what they are worth, how sure that is, and in what order they come."""
