"""Sends an item's message to the commission of its case, in the transaction of the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from casework.commission import found
from casework.tables import AgendaItem
from processes import delivery, messages
from processes.acting import Acting
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


def call(platform: Platform, session: Session, acting: Acting, item: AgendaItem, name: str) -> bool:
    """Tell the item's own instance; False, and nothing is kept, when it does not wait for that.

    A kept message would reach a later agenda, which nobody means.
    """
    waits = found.waiting(session, item.instance_id, name)
    if waits is None:
        return False
    place = session.get_one(ProcessInstance, item.instance_id).establishment_id
    message = messages.send(
        session,
        acting,
        name=name,
        case_id=item.case_id,
        place_id=place,
        sender_key=f"{item.id}:{name}",
        payload={},
    )
    if message.state != "kept":
        return False
    delivery.hand_over(session, platform, acting, message, waits)
    return True
