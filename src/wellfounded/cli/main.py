"""The `wellfounded` command."""

from __future__ import annotations

import sys

import click

from wellfounded import __version__
from wellfounded.cli.bases import Refused
from wellfounded.cli.build import build
from wellfounded.cli.catalogue import catalogue
from wellfounded.cli.check import check
from wellfounded.cli.conclusion import conclusion
from wellfounded.cli.demo import demo
from wellfounded.cli.edition import edition
from wellfounded.cli.figures import figures
from wellfounded.cli.lists import areas, indicators
from wellfounded.cli.new import new
from wellfounded.cli.priorities import priorities
from wellfounded.cli.responses import responses
from wellfounded.cli.serve import serve
from wellfounded.cli.sessions import sessions
from wellfounded.cli.staff import staff
from wellfounded.cli.strings import strings
from wellfounded.cli.worker import worker


class Commands(click.Group):
    """Commands whose errors are messages: whatever this software raises says what to do, and exits with 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not type(error).__module__.startswith("wellfounded."):
                raise
            raise Refused(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wellfounded")
def main() -> None:
    """The evidence base of a local industrial strategy: official figures, tested conclusions, published.

    BASE is the folder of an evidence base. Without it, the present folder is taken where it is one, else
    bases/cheshire-warrington where that is at hand.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that can't write £ prints ? instead of stopping


EVIDENCE = (check, build, serve, edition, new, conclusion, priorities, figures, indicators, areas, catalogue, strings)
PEOPLE = (staff, worker, demo, responses, sessions)
for command in EVIDENCE + PEOPLE:
    main.add_command(command)
