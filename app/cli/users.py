"""`dra user`: accounts."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from app import identity
from app.cli.console import console
from app.cli.stores import opened, stores_for
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.settings import Settings

group = typer.Typer(help="Keep the accounts of people who may sign in.")
COMMAND_LINE = Actor.system("command-line")
T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="User name.")]


def run(verb: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    async def work() -> T:
        async with opened(urls) as works, works.begin(COMMAND_LINE) as uow:
            return await verb(uow)

    with stores_for(Settings()) as urls:
        return asyncio.run(work())


def ask_password() -> str:
    """From the terminal twice, or one line from a pipe; never from the arguments."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


@group.command()
def add(
    username: Name,
    role: Annotated[Role, typer.Option(help="What this person is.")],
    full_name: Annotated[str, typer.Option(help="As it stands under a signature.")],
    email: Annotated[str | None, typer.Option()] = None,
    specialty: Annotated[str | None, typer.Option(help="For doctors.")] = None,
) -> None:
    """Create an account; the password is asked for."""
    password = ask_password()
    run(
        lambda uow: identity.add_user(
            uow,
            username=username,
            full_name=full_name,
            role=role,
            password=password,
            email=email,
            specialty=specialty,
        )
    )
    console.print(f"{role.value} {username} added.")


@group.command("list")
def list_all() -> None:
    """Show every account."""
    table = Table("user", "name", "role", "status", "last login")
    for user in run(identity.list_users):
        seen = user.last_login_at.strftime("%d-%b-%Y %H:%M") if user.last_login_at else "never"
        table.add_row(user.username, user.full_name, user.role, user.status, seen)
    console.print(table)


@group.command()
def lock(username: Name) -> None:
    """Lock an account; its sessions end at once."""
    run(lambda uow: identity.lock_user(uow, username))
    console.print(f"{username} is locked.")


@group.command()
def unlock(username: Name) -> None:
    """Let a locked account sign in again."""
    run(lambda uow: identity.unlock_user(uow, username))
    console.print(f"{username} may sign in again.")


@group.command()
def password(username: Name) -> None:
    """Set a new password; all sessions of that user end."""
    chosen = ask_password()
    run(lambda uow: identity.reset_password(uow, username, chosen))
    console.print(f"The password of {username} is changed.")
