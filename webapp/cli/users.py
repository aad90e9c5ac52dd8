"""`samverkan user`: make accounts, grant roles, end them."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import accounts
from casework.tables import RoleHolding, UserAccount
from processes.acting import Acting
from processes.tables import Agency, Establishment
from webapp.cli.opening import Opened, open_installation


class CannotDo(Exception):
    """What was asked cannot be done; the words say why."""


def add(commands: Any) -> None:
    """Register the command and its parts."""
    user = commands.add_parser(
        "user",
        help="accounts and roles",
        description="Accounts are local; a role is held at an establishment from a day to a day "
        "and reaches everything below that establishment.",
    )
    parts = user.add_subparsers(dest="part", metavar="PART", required=True)
    parts.add_parser("list", help="all accounts with the roles held today").set_defaults(run=_list)
    parts.add_parser("places", help="the establishments and their ids").set_defaults(run=_places)
    new = parts.add_parser("add", help="make an account; asks for the password")
    for name, words in (
        ("login", "the name to sign in with"),
        ("--name", "the person's name"),
        ("--function", "shown to others instead of the name"),
        ("--number", "service number, shown in letters"),
    ):
        new.add_argument(name, help=words, **({} if name == "login" else {"required": True}))
    new.add_argument("--language", choices=("en", "fr"), default="en")
    new.add_argument("--agency", help="the agency's name, when there are several")
    new.set_defaults(run=_add)
    grant = parts.add_parser("grant", help="let an account hold a role at an establishment")
    grant.add_argument("login")
    grant.add_argument("role", help="for example fr.unit_lead")
    grant.add_argument("establishment", help="name or id")
    grant.add_argument("--from", dest="held_from", type=date.fromisoformat, help="YYYY-MM-DD")
    grant.add_argument("--to", dest="held_to", type=date.fromisoformat, help="YYYY-MM-DD")
    grant.set_defaults(run=_grant)
    password = parts.add_parser("password", help="set a new password; ends open sessions")
    password.add_argument("login")
    password.set_defaults(run=_password)
    end = parts.add_parser("deactivate", help="end an account; ends open sessions at once")
    end.add_argument("login")
    end.set_defaults(run=_deactivate)


def _list(_given: argparse.Namespace) -> int:
    opened = open_installation()
    with opened.sessions() as session:
        for account in session.scalars(select(UserAccount).order_by(UserAccount.login)):
            held = session.scalars(
                select(RoleHolding.role).where(RoleHolding.user_id == account.id)
            )
            state = "" if account.active else "  (ended)"
            print(f"{account.login:<22} {account.function:<45} {', '.join(held)}{state}")
    return 0


def _places(_given: argparse.Namespace) -> int:
    opened = open_installation()
    with opened.sessions() as session:
        for place in session.scalars(select(Establishment).order_by(Establishment.name)):
            print(f"{place.id}  {place.kind:<10} {place.name}")
    return 0


def _add(given: argparse.Namespace) -> int:
    def make(opened: Opened, session: Session) -> None:
        agency = _agency(session, given.agency)
        acting = opened.platform.acting(session, agency.id, None)
        accounts.create_user(
            opened.platform,
            session,
            acting,
            login=given.login,
            password=_ask_password(),
            display_name=given.name,
            function=given.function,
            service_number=given.number,
            language=given.language,
        )

    return _do(make, f"{given.login} can sign in; grant a role with `samverkan user grant`.")


def _grant(given: argparse.Namespace) -> int:
    def grant(opened: Opened, session: Session) -> None:
        account = _account(session, given.login)
        place = _place(session, account.agency_id, given.establishment)
        acting = _acting(opened, session, account)
        held_from = given.held_from or acting.now.date()
        accounts.grant_role(
            opened.platform,
            session,
            acting,
            account.id,
            given.role,
            place.id,
            held_from,
            given.held_to,
        )

    return _do(grant, f"{given.login} holds {given.role}.")


def _password(given: argparse.Namespace) -> int:
    def change(opened: Opened, session: Session) -> None:
        account = _account(session, given.login)
        acting = _acting(opened, session, account)
        accounts.set_password(opened.platform, session, acting, account, _ask_password())

    return _do(change, "The password is set; open sessions have ended.")


def _deactivate(given: argparse.Namespace) -> int:
    def end(opened: Opened, session: Session) -> None:
        account = _account(session, given.login)
        acting = _acting(opened, session, account)
        accounts.deactivate(opened.platform, session, acting, account)

    return _do(end, f"{given.login} can no longer sign in.")


def _do(act: Any, done: str) -> int:
    opened = open_installation()
    try:
        with opened.writing() as session:
            act(opened, session)
    except (CannotDo, accounts.AccountRefused, accounts.PasswordRefused) as problem:
        print(f"samverkan user: {problem}", file=sys.stderr)
        return 2
    print(done)
    return 0


def _acting(opened: Opened, session: Session, account: UserAccount) -> Acting:
    return opened.platform.acting(session, account.agency_id, None)


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (12 characters or more): ")
    if first != getpass.getpass("Once more: "):
        raise CannotDo("the two passwords differ; nothing was changed")
    return first


def _account(session: Session, login: str) -> UserAccount:
    found = session.scalars(select(UserAccount).where(UserAccount.login == login)).first()
    if found is None:
        raise CannotDo(f"there is no account “{login}”; see `samverkan user list`")
    return found


def _agency(session: Session, name: str | None) -> Agency:
    wanted = select(Agency) if name is None else select(Agency).where(Agency.name == name)
    found = list(session.scalars(wanted))
    if len(found) != 1:
        names = ", ".join(session.scalars(select(Agency.name))) or "none yet"
        raise CannotDo(f"say which agency with --agency (there are: {names})")
    return found[0]


def _place(session: Session, agency_id: UUID, wanted: str) -> Establishment:
    for place in session.scalars(select(Establishment).where(Establishment.agency_id == agency_id)):
        if wanted in {place.name, str(place.id)}:
            return place
    raise CannotDo(f"there is no establishment “{wanted}”; see `samverkan user places`")
