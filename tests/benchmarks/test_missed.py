"""What no conclusion covers is met by a reader of the first entries."""

from __future__ import annotations

from benchmarks.missed import found


def test_a_subject_that_no_conclusion_covers_is_met_in_the_first_entries(shared_data):
    shares = found(shared_data / "responses" / "argument-key-points", embeddings=False, every=4)
    assert shares["another subject"][50] >= 0.9
    assert shares["another subject"][20] > 2 * shares["another subject, by chance"][20]
