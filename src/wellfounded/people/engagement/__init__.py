"""Engagement sessions: what is offered, who booked, who waits, and what became of every place."""
