"""The pages with which the public answers, and sees what became of it."""
