"""Ends every open session of an account at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from casework.tables import UserAccount
from processes.acting import Acting
from processes.ports import JournalEntry

if TYPE_CHECKING:
    from casework.platform import Platform


def end_sessions(
    platform: Platform, session: Session, acting: Acting, account: UserAccount
) -> None:
    """Give the account a new mark: a cookie kept from before opens nothing any more."""
    account.session_mark = secrets.token_urlsafe(24)
    session.flush()
    entry = JournalEntry("account.signed_out", None, "account", account.id)
    platform.ports.journal.write(session, acting, entry)
