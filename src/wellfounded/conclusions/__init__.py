"""Conclusions: sentences with tests, their verdicts, robustness and wording."""
