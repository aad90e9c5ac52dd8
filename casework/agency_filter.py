"""The one place where rows of other agencies are kept out of every query."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned

BOUND = "samverkan_agency"


def bind_agency(session: Session, agency_id: UUID) -> None:
    """From now on this session reads, changes and deletes rows of that agency only.

    An entrance binds the session as soon as it knows who asks. A query that must see all
    (verification, sign-in) says so with the execution option `across_agencies=True`.
    """
    session.info[BOUND] = agency_id


def bound_agency(session: Session) -> UUID | None:
    """The agency the session is bound to."""
    found: UUID | None = session.info.get(BOUND)
    return found


@event.listens_for(Session, "do_orm_execute")
def _keep_to_agency(state: ORMExecuteState) -> None:
    agency_id = state.session.info.get(BOUND)
    if agency_id is None or state.execution_options.get("across_agencies"):
        return
    if state.is_orm_statement and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(*_criteria(agency_id))


@lru_cache(maxsize=64)
def _criteria(agency_id: UUID) -> tuple[LoaderCriteriaOption, ...]:
    """Made once for each agency, and as functions: this runs with every statement."""
    return (
        with_loader_criteria(
            AgencyOwned, lambda row: row.agency_id == agency_id, include_aliases=True
        ),
        with_loader_criteria(
            AgencyMarked, lambda row: row.agency_id == agency_id, include_aliases=True
        ),
    )
