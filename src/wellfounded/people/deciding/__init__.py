"""Deciding on priorities: workshops, and the weights that people state in them."""
