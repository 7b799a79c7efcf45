"""Editions: publications that are numbered, dated and never changed again."""
