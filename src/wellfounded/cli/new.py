"""`wellfounded new`: the evidence base of another place, with drafts written from the figures."""

from __future__ import annotations

import click


@click.command()
def new() -> None:
    """Start the evidence base of another place."""
