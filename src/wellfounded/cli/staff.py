"""`wellfounded staff`: who works on an evidence base."""

from __future__ import annotations

from pathlib import Path

import click

from wellfounded.cli.bases import Refused
from wellfounded.cli.people import opened

base_option = click.option("--base", type=click.Path(path_type=Path), help="The base whose staff is meant.")


@click.group()
def staff() -> None:
    """Who works here: accounts that sign in with a link sent to them."""


@staff.command()
@click.argument("email")
@click.option("--name", default="", help="Their name, as colleagues see it.")
@click.option(
    "--role", "roles", multiple=True, help="publisher, organiser or analyst; again for more. All three if not given."
)
@click.option("--link", is_flag=True, help="Print a link that signs them in once, on this machine.")
@click.option("--port", default=8000, show_default=True, help="The port of the site that the link leads to.")
@base_option
def add(email: str, name: str, roles: tuple[str, ...], link: bool, port: int, base: Path | None) -> None:
    """Add EMAIL, or give them these roles."""
    opened(base)
    from wellfounded.people import accounts
    from wellfounded.people.models import ROLES

    person, new = accounts.add(email, name=name, roles=roles or ROLES)
    click.echo(f"{'Added' if new else 'Changed'} {person.email}: {', '.join(person.roles)}")
    if link:
        click.echo(f"http://127.0.0.1:{port}/staff/t/{accounts.printed_link(person)}")
    else:
        click.echo("They sign in at /staff/sign-in, with a link that is sent to them.")


@staff.command("list")
@base_option
def list_(base: Path | None) -> None:
    """List who works here."""
    opened(base)
    from wellfounded.people.models import Staff

    for person in Staff.objects.order_by("email"):
        state = "" if person.is_active else "  (removed)"
        click.echo(f"{person.email}  {person.name}  {', '.join(person.roles)}{state}")


@staff.command()
@click.argument("email")
@base_option
def remove(email: str, base: Path | None) -> None:
    """Remove EMAIL: they are signed out and can't sign in any more. What they did stays in the record."""
    opened(base)
    from wellfounded.people import accounts

    if not accounts.remove(email):
        raise Refused(f"nobody works here with the address {email}; `wellfounded staff list` lists who does")
    click.echo(f"Removed {email}")
