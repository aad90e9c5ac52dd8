"""`samverkan user`: make accounts, grant roles, end them."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import accounts
from casework.setup import PACKS
from casework.tables import RoleHolding, UserAccount
from processes.acting import Acting
from processes.packs import LANGUAGES, MODELS, read_pack
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
    _add_lists(parts)
    _add_new(parts)
    _add_grant(parts)
    password = parts.add_parser(
        "password",
        help="set a new password; ends open sessions",
        description="Asks for the password twice, or reads one line when input is piped in. Every "
        "session of the account ends.",
    )
    password.add_argument("login")
    password.set_defaults(run=_password)
    end = parts.add_parser(
        "deactivate",
        help="end an account; ends open sessions at once",
        description="The account can no longer sign in; what its holder wrote and did stays. "
        "Tasks held by it go back to the group when somebody reassigns them.",
    )
    end.add_argument("login")
    end.set_defaults(run=_deactivate)


def _add_lists(parts: Any) -> None:
    for name, run, words, more in (
        ("list", _list, "all accounts with the roles held", "An ended account is marked so."),
        ("places", _places, "the establishments and their ids", "Roles are held at one of them."),
    ):
        listed = parts.add_parser(name, help=words, description=f"{words.capitalize()}. {more}")
        listed.set_defaults(run=run)


def _add_new(parts: Any) -> None:
    new = parts.add_parser(
        "add",
        help="make an account; asks for the password",
        description="Makes an account that can sign in and sees nothing yet: grant it a role. "
        "Asks for the password twice, or reads one line when input is piped in.",
    )
    for name, words in (
        ("login", "the name to sign in with"),
        ("--name", "the person's name"),
        ("--function", "shown to others instead of the name"),
        ("--number", "service number, shown in letters"),
    ):
        new.add_argument(name, help=words, **({} if name == "login" else {"required": True}))
    new.add_argument("--language", choices=LANGUAGES, default="en")
    new.add_argument("--agency", help="the agency's name, when there are several")
    new.set_defaults(run=_add)


def _add_grant(parts: Any) -> None:
    grant = parts.add_parser(
        "grant",
        help="let an account hold a role at an establishment",
        description="A role opens its tasks and what they need, at the establishment and below "
        "it, on the days given. `samverkan user places` lists the establishments.",
    )
    grant.add_argument("login")
    grant.add_argument("role", help="for example fr.unit_lead")
    grant.add_argument("establishment", help="name or id")
    grant.add_argument("--from", dest="held_from", type=_day, help="YYYY-MM-DD, default today")
    grant.add_argument("--to", dest="held_to", type=_day, help="YYYY-MM-DD, default for good")
    grant.set_defaults(run=_grant)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day: write YYYY-MM-DD") from None


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
        _require_role(session, account.agency_id, given.role)
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


def _require_role(session: Session, agency_id: UUID, role: str) -> None:
    """A role that no pack of the agency's country names would open nothing, silently."""
    pack = PACKS.get(session.get_one(Agency, agency_id).country)
    known = read_pack(MODELS / pack).roles if pack else {}
    if pack and role not in known:
        near = get_close_matches(role, known, 1)
        hint = f"did you mean {near[0]}?" if near else "the roles are " + ", ".join(sorted(known))
        raise CannotDo(f"there is no role “{role}”: {hint}")


def _place(session: Session, agency_id: UUID, wanted: str) -> Establishment:
    for place in session.scalars(select(Establishment).where(Establishment.agency_id == agency_id)):
        if wanted in {place.name, str(place.id)}:
            return place
    raise CannotDo(f"there is no establishment “{wanted}”; see `samverkan user places`")
