"""Accounts of staff: sign-in, passwords, and the roles they hold at places from day to day."""

from __future__ import annotations

import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from casework import audit, leaving
from casework.keyring import Keyring
from casework.tables import RoleHolding, UserAccount
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Agency, Establishment

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_HASHER = PasswordHasher()


class Keyed(Protocol):
    """What is needed of the platform: its keys."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""


class SigningIn(Keyed, Protocol):
    """What sign-in needs of the platform: keys, ids, and the time of cases."""

    @property
    def new_id(self) -> Callable[[], UUID]:
        """Where ids come from."""

    def case_now(self, session: Session) -> datetime:
        """The time of cases."""


class PasswordRefused(ValueError):
    """A password that is not accepted; `code` says why, for the page's own language."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class AccountRefused(ValueError):
    """An account or a role holding that cannot be; the words say what to change."""


@dataclass(frozen=True)
class Holding:
    """A role held at a place, with all the places it covers: that one and those below."""

    role: str
    establishment_id: UUID
    covers: frozenset[UUID]


# -- sign-in --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """A password held against what was kept: for which login, against which hash, how it ended."""

    login: str
    stands: str
    right: bool
    renewed: str | None
    """The same password under today's costs, where it was kept under weaker ones."""


def kept_hash(session: Session, login: str) -> str:
    """What is kept of a login's password; for an unknown login, what is nobody's."""
    account = _by_login(session, login)
    return account.password_hash if account is not None else _HASH_OF_NOBODY


def prove(login: str, stands: str, password: str) -> Proof:
    """Hold a password against what is kept. Slow on purpose, so it touches no database: nobody
    waits for a lock or a connection meanwhile."""
    right = _verify(stands, password[:LONGEST_PASSWORD]) and len(password) <= LONGEST_PASSWORD
    weak = right and _HASHER.check_needs_rehash(stands)
    return Proof(normal_login(login), stands, right, hashed(password) if weak else None)


def authenticate(
    platform: SigningIn, session: Session, proof: Proof, real_now: datetime
) -> UserAccount | None:
    """The account, if the password was proved right and it is active; audited either way.

    An unknown login costs the same work as a wrong password. A proof against a hash that was
    replaced meanwhile proves nothing. The rate limiter, not a lock on the account, slows
    guessing: a lock would let anyone shut out anyone.
    """
    account = _by_login(session, proof.login)
    if account is None:
        _audit_unknown(platform, session, real_now)
        return None
    accepted = proof.right and account.active and account.password_hash == proof.stands
    if accepted and proof.renewed:
        account.password_hash = proof.renewed
    acting = Acting(
        agency_id=account.agency_id,
        user_id=account.id if accepted else None,
        now=platform.case_now(session),
        real_now=real_now,
        new_id=platform.new_id,
    )
    act = "account.signed_in" if accepted else "account.sign_in_refused"
    _audit(platform, session, acting, act, account.id)
    return account if accepted else None


def _by_login(session: Session, login: str) -> UserAccount | None:
    wanted = select(UserAccount).where(UserAccount.login == normal_login(login))
    return session.scalars(wanted.execution_options(across_agencies=True)).one_or_none()


def _audit_unknown(platform: SigningIn, session: Session, real_now: datetime) -> None:
    """The same work as for a known login: a row, in the first agency, that names nobody."""
    first = select(Agency.id).order_by(Agency.id).limit(1)
    agency = session.scalar(first.execution_options(across_agencies=True))
    if agency is None:
        return
    now = platform.case_now(session)
    acting = Acting(
        agency_id=agency, user_id=None, now=now, real_now=real_now, new_id=platform.new_id
    )
    _audit(platform, session, acting, "account.sign_in_refused", agency)


_HASH_OF_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Made before anybody signs in: the first unknown login takes no longer than the next."""


def _verify(stands: str, password: str) -> bool:
    try:
        return _HASHER.verify(stands, _normal(password))
    except (Argon2Error, InvalidHashError):
        return False


def normal_login(login: str) -> str:
    """A login as it is kept: without spaces around, in small letters."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def hashed(password: str) -> str:
    """What is kept of a password; slow on purpose."""
    return _HASHER.hash(_normal(password))


def _normal(password: str) -> str:
    """The same password from every keyboard, however it composes its accents."""
    return unicodedata.normalize("NFKC", password)


# -- accounts -------------------------------------------------------------------------------


def create_user(
    platform: Keyed,
    session: Session,
    acting: Acting,
    *,
    login: str,
    password: str,
    display_name: str,
    function: str,
    service_number: str,
    language: str = "en",
    password_hash: str | None = None,
) -> UserAccount:
    """A new active account in the acting agency; AccountRefused when the login is taken.

    `password_hash` spares the hashing where many accounts get one known password, as in a demo.
    """
    login = normal_login(login)
    if not login:
        raise AccountRefused("the account needs a login")
    taken = select(UserAccount.id).where(UserAccount.login == login)
    if session.scalar(taken.execution_options(across_agencies=True)) is not None:
        raise AccountRefused(f"the login {login!r} is taken: choose another")
    check_password(login, password)
    account = UserAccount(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        login=login,
        password_hash=password_hash or hashed(password),
        display_name=display_name,
        function=function,
        service_number=service_number,
        language=language,
        active=True,
        session_mark=_new_mark(),
    )
    session.add(account)
    session.flush()
    _audit(platform, session, acting, "account.created", account.id)
    return account


def check_password(login: str, password: str) -> None:
    """PasswordRefused unless it is long enough, not the login, and not one sign repeated."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordRefused("too_short", f"use at least {SHORTEST_PASSWORD} signs")
    if len(password) > LONGEST_PASSWORD:
        raise PasswordRefused("too_long", f"use at most {LONGEST_PASSWORD} signs")
    if normal_login(password) == normal_login(login):
        raise PasswordRefused("is_login", "the password cannot be the login: choose another")
    if len(set(password)) == 1:
        raise PasswordRefused("one_sign", "the password repeats one sign: choose another")


def set_password(
    platform: Keyed, session: Session, acting: Acting, account: UserAccount, password: str
) -> None:
    """A new password; every open session of the account ends."""
    check_password(account.login, password)
    account.password_hash = hashed(password)
    account.session_mark = _new_mark()
    session.flush()
    _audit(platform, session, acting, "account.password_set", account.id)


def deactivate(platform: Keyed, session: Session, acting: Acting, account: UserAccount) -> None:
    """Close an account; every open session of it ends at its next request.

    Its roles end, those that were to begin later too, and what it holds goes back to the function.
    """
    account.active = False
    account.session_mark = _new_mark()
    session.flush()
    _audit(platform, session, acting, "account.deactivated", account.id)
    today = acting.now.date()
    for holding in _open_holdings(session, account.id, today):
        _end(platform, session, acting, holding, today)
    for entry in leaving.give_everything_back(session, acting, account.id):
        audit.write(session, platform.keyring, acting, entry)


def _new_mark() -> str:
    """A mark copied into the cookie at sign-in: a session with another mark is over."""
    return secrets.token_urlsafe(24)


# -- roles ----------------------------------------------------------------------------------


def holdings(session: Session, user_id: UUID, on: date) -> tuple[Holding, ...]:
    """The roles of an active account on a day, each with the places it covers."""
    covers: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
    for row in session.execute(_reached(), {"user": user_id, "day": on}):
        covers[row.role, row.top].add(row.place)
    return tuple(
        Holding(role, top, frozenset(places)) for (role, top), places in sorted(covers.items())
    )


@cache
def _reached() -> Select[Any]:
    """Role, place held at and place covered; made once, since every request asks it."""
    user: BindParameter[Any] = bindparam("user")
    day: BindParameter[Any] = bindparam("day")
    held = (
        select(
            RoleHolding.id.label("holding"),
            RoleHolding.role.label("role"),
            RoleHolding.establishment_id.label("top"),
            RoleHolding.establishment_id.label("place"),
        )
        .join(UserAccount, UserAccount.id == RoleHolding.user_id)
        .where(RoleHolding.user_id == user, UserAccount.active, RoleHolding.held_from <= day)
        .where(RoleHolding.held_to.is_(None) | (RoleHolding.held_to >= day))
        .cte("held", recursive=True)
    )
    below = select(held.c.holding, held.c.role, held.c.top, Establishment.id).join(
        Establishment, Establishment.parent_id == held.c.place
    )
    reach = held.union(below)  # without duplicates, so that a ring of places ends
    return select(reach.c.role, reach.c.top, reach.c.place)


def grant_role(
    platform: Keyed,
    session: Session,
    acting: Acting,
    user_id: UUID,
    role: str,
    establishment_id: UUID,
    held_from: date,
    held_to: date | None = None,
) -> RoleHolding:
    """Let an account hold a role at a place of its own agency, from a day to a day inclusive."""
    account = session.get(UserAccount, user_id)
    place = session.get(Establishment, establishment_id)
    if account is None or place is None or account.agency_id != place.agency_id:
        raise AccountRefused("the account and the place must both be of this agency")
    if held_to is not None and held_to < held_from:
        raise AccountRefused("the last day lies before the first: correct one of them")
    holding = RoleHolding(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        user_id=user_id,
        role=role,
        establishment_id=establishment_id,
        held_from=held_from,
        held_to=held_to,
    )
    session.add(holding)
    session.flush()
    codes = {"role": role, "place": establishment_id, "from": held_from, "to": held_to}
    _audit(platform, session, acting, "role.granted", user_id, **codes)
    return holding


def end_role(
    platform: Keyed, session: Session, acting: Acting, holding: RoleHolding, last_day: date
) -> None:
    """Let a role end at its place after a day; a holding that would begin later is removed.

    When its last day has come, what is held in it goes back to the function.
    """
    user_id, role, place = holding.user_id, holding.role, holding.establishment_id
    _end(platform, session, acting, holding, last_day)
    for later in _open_holdings(session, user_id, last_day):
        if (later.role, later.establishment_id) == (role, place) and later.held_from > last_day:
            _end(platform, session, acting, later, last_day)
    if last_day <= acting.now.date():
        for entry in leaving.give_back(session, acting, user_id, role, place):
            audit.write(session, platform.keyring, acting, entry)


def _open_holdings(session: Session, user_id: UUID, on: date) -> list[RoleHolding]:
    """What an account holds on a day or is to hold later."""
    wanted = select(RoleHolding).where(
        RoleHolding.user_id == user_id,
        RoleHolding.held_to.is_(None) | (RoleHolding.held_to >= on),
    )
    return list(session.scalars(wanted.order_by(RoleHolding.held_from, RoleHolding.id)))


def _end(
    platform: Keyed, session: Session, acting: Acting, holding: RoleHolding, last_day: date
) -> None:
    codes = {"role": holding.role, "place": holding.establishment_id, "to": last_day}
    _audit(platform, session, acting, "role.ended", holding.user_id, **codes)
    if last_day < holding.held_from:
        session.delete(holding)
    else:
        holding.held_to = last_day
    session.flush()


def _audit(
    platform: Keyed, session: Session, acting: Acting, act: str, account: UUID, **codes: object
) -> None:
    entry = JournalEntry(act, None, "account", account, codes)
    audit.write(session, platform.keyring, acting, entry)
