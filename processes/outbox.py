"""The outbox: what is to be carried out after the commit that caused it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.acting import Acting
from processes.tables import Message, Outbox


def offer(session: Session, acting: Acting, message: Message) -> None:
    """Have a message offered to whoever waits for it, right after this commit."""
    session.add(
        Outbox(
            id=acting.new_id(),
            agency_id=message.agency_id,
            kind="message",
            subject_id=message.id,
            state="pending",
            created_at=acting.now,
            next_attempt_at=acting.now,
        )
    )


def offer_kept(session: Session, acting: Acting, name: str) -> None:
    """Offer again the kept messages of a name: a model that starts with them was deployed."""
    kept = select(Message).where(
        Message.agency_id == acting.agency_id, Message.name == name, Message.state == "kept"
    )
    for message in session.scalars(kept):
        offer(session, acting, message)
