"""Commands about people, for the first administrator and for forgotten passwords."""

from __future__ import annotations

import secrets

import click
from sqlmodel import select

from accounts import people as people_service
from accounts.store.tables import Person, Role
from foundation.database import Store, utc_now
from foundation.settings import Settings


@click.group()
def people() -> None:
    """Add people and set passwords."""


@people.command()
@click.argument("login")
@click.option("--name", required=True, help="Shown on pages.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def add(login: str, *, name: str, role: str) -> None:
    """Add a person with a random password, printed once."""
    password = secrets.token_urlsafe(12)
    with Store(Settings.from_env().store_url).write() as session:
        people_service.create(
            session, login, name=name, role=Role(role), password=password, now=utc_now()
        )
    click.echo(f"{login.strip().lower()} {password}")


@people.command()
@click.argument("login")
def password(login: str) -> None:
    """Give a person a new random password, printed once; their logins end."""
    fresh = secrets.token_urlsafe(12)
    with Store(Settings.from_env().store_url).write() as session:
        person = session.exec(select(Person).where(Person.login == login.strip().lower())).first()
        if person is None or person.id is None:
            raise click.ClickException(f"there is no login '{login}'.")
        people_service.set_password(session, person.id, fresh, by=person.id, now=utc_now())
    click.echo(fresh)
