"""The minutes of a session: numbered at issue, a tagged PDF, by offices and never by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import catalogues, papers, shown, submissions, typesetting
from casework.access import Viewer
from casework.commission import attendance, found, functions, opinions, standing
from casework.commission.functions import COLLECTIVES, OVERSIGHT
from casework.submissions import Given
from casework.tables import AgendaItem, CommissionSession, Document, Person
from casework.unseen import NotVisible
from casework.words import Speaking
from forms.words import NOT_ANSWERED
from processes.acting import Acting
from processes.engine import EngineFault
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

KIND = "minutes"
UNSAID = frozenset({"special", "necessity", "approved", "no_names"})
"""Questions of a form that are about writing it, not about what was said."""


def issue(platform: Platform, session: Session, acting: Acting, row: CommissionSession) -> Document:
    """Give the minutes their number, write the paper, and file it with the session."""
    if row.state != "closed":
        raise EngineFault(None, "The session is not closed: its minutes cannot be issued.")
    if row.minutes_document_id is not None:
        raise EngineFault(None, "The minutes of this session are issued already.")
    place = found.place_of(session, row)
    year = shown.local_day(acting.now, place.zone).year
    row.minutes_number = papers.next_number(session, acting, place.id, KIND, year)
    number = f"{year}-{row.minutes_number:03}"
    speaking = catalogues.of_pack(found.file_of(session, row).pack)
    pdf = render(platform, session, acting, row, number, speaking)
    document = papers.store(
        platform, session, acting, case_id=row.case_id, kind=KIND, number=number, content=pdf
    )
    row.minutes_document_id = document.id
    session.flush()
    return document


def rewrite(platform: Platform, session: Session, acting: Acting, case_id: UUID) -> None:
    """After a case was erased, issue the minutes that held it anew, under their number, without
    what is gone; the old paper is destroyed [LED art. 16(2)]."""
    items = select(AgendaItem.session_id).where(AgendaItem.case_id == case_id)
    issued = select(CommissionSession).where(
        CommissionSession.id.in_(items), CommissionSession.minutes_document_id.is_not(None)
    )
    for row in session.scalars(issued):
        old = session.get_one(Document, row.minutes_document_id)
        speaking = catalogues.of_pack(found.file_of(session, row).pack)
        pdf = render(platform, session, acting, row, old.number, speaking)
        new = papers.store(
            platform,
            session,
            acting,
            case_id=row.case_id,
            kind=KIND,
            number=old.number,
            content=pdf,
        )
        row.minutes_document_id = new.id
        session.flush()
        papers.destroy(platform, session, acting, old)


def may_read(viewer: Viewer, row: CommissionSession) -> bool:
    """Minutes hold every case of the meeting: those who keep the session, and oversight."""
    return standing.leads(viewer, row) or viewer.holds(OVERSIGHT, row.establishment_id)


def read(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, session_id: UUID
) -> tuple[str, bytes]:
    """The number and the PDF; the reading is audited. NotVisible for others."""
    row = session.get(CommissionSession, session_id)
    if row is None or not may_read(viewer, row) or row.minutes_document_id is None:
        raise NotVisible("session", session_id)
    document = session.get_one(Document, row.minutes_document_id)
    ground = "session" if standing.leads(viewer, row) else "oversight"
    return document.number, papers.read(platform, session, acting, document, ground)


def render(
    platform: Platform,
    session: Session,
    acting: Acting,
    row: CommissionSession,
    number: str,
    speaking: Speaking,
) -> bytes:
    """The paper in a language."""
    content = told(platform, session, acting, row, number, speaking)
    return typesetting.pdf("minutes", content, acting.now)


# --- what the minutes say ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Telling:
    platform: Platform
    session: Session
    acting: Acting
    row: CommissionSession
    place: Establishment
    speaking: Speaking

    def given(
        self, case_id: UUID, instance_id: UUID, form: str, until: datetime | None = None
    ) -> Given | None:
        """The newest submission of a form in an instance, of those first written not after
        `until`; as it was corrected since."""
        everything = submissions.of_case(self.session, case_id)
        fitting = [
            g
            for g in submissions.in_force(everything)
            if g.form == form
            and g.first.instance_id == instance_id
            and all(e.ciphertext is not None for e in g.entries)
            and (until is None or _first_written(everything, g) <= until)
        ]
        return max(fitting, key=lambda g: _first_written(everything, g), default=None)

    def answers(self, given: Given) -> Mapping[str, Any]:
        """Read by the platform itself: nobody becomes a reader by it."""
        return submissions.read(
            self.platform, self.session, replace(self.acting, user_id=None), given
        )

    def lines(self, given: Given | None) -> list[dict[str, Any]]:
        """The answers, label by label, without the questions about writing."""
        if given is None:
            return []
        models = self.platform.models
        definition = submissions.definition_of(models, self.session, given)
        answers = {k: v for k, v in self.answers(given).items() if k not in UNSAID}
        described = definition.describe(
            answers, self.speaking.translate, show_date=self.speaking.day
        )
        translate = self.speaking.translate
        unsaid = {
            translate(field.label) for key, field in definition.fields.items() if key in UNSAID
        }
        blank = ("", translate(NOT_ANSWERED))
        rows = [_line(*row) for _, part in described for row in part if row[0] not in unsaid]
        return [row for row in rows if row["parts"] or row["value"] not in blank]


def told(
    platform: Platform,
    session: Session,
    acting: Acting,
    row: CommissionSession,
    number: str,
    speaking: Speaking,
) -> dict[str, Any]:
    """Everything the paper says, as plain words."""
    place = found.place_of(session, row)
    telling = _Telling(platform, session, acting, row, place, speaking)
    say = speaking.say
    runs = found.instance_of(session, row.case_id)
    names = shown.wording(platform, session, runs.version_id, speaking) if runs else None
    written = telling.given(row.case_id, runs.id, "F-MINUTES") if runs else None
    items = found.items_of(session, row.id)
    return {
        "lang": speaking.language,
        "title": say("Minutes of the multidisciplinary commission (CPU)"),
        "number": say("Minutes number {number}", number=number),
        "head": [
            [say("Establishment"), place.name],
            [say("Session"), speaking.moment(row.planned_at, place.zone)],
            [say("Place"), row.place],
            [say("Chaired by"), names.role(row.chair_role) if names else row.chair_role],
            [say("Items"), str(len(items))],
        ],
        "items_title": say("Items"),
        "items": [_item(telling, item) for item in items],
        "agreed_title": say("Tasks and remarks"),
        "agreed": telling.lines(written),
        "end": say(
            "Read and approved by the chair. Members and staff appear by function only. Individual"
            " opinions are kept for thirty days after the session, these minutes after them."
        ),
        "page": say("Page"),
        "of": say("of"),
    }


def _item(telling: _Telling, item: AgendaItem) -> dict[str, Any]:
    session, say = telling.session, telling.speaking.say
    case = found.case_of(session, item)
    person = session.get(Person, case.person_id) if case.person_id else None
    who = say("Number {number}", number=person.number) if person else say("Erased")
    title = say("Item {place}: {who}", place=item.position, who=who)
    if case.state == "erased":
        words = say("Everything about this item has been erased.")
        return {"title": title, "state": words, "head": [], "parts": []}
    until = item.closed_at  # what a later session asked and said is in its own minutes
    question = telling.given(item.case_id, item.instance_id, "F-ITEM", until)
    asked = str(telling.answers(question).get("question") or "") if question else ""
    head = [[say("Question"), asked]] if asked else []
    head += _sitting(telling, item)
    parts: list[dict[str, Any]] = []
    if item.state == "closed":
        parts = [
            line
            for form in COLLECTIVES
            for line in telling.lines(telling.given(item.case_id, item.instance_id, form, until))
        ]
    return {
        "title": title,
        "state": state_words(item.state, telling.speaking),
        "head": head,
        "parts": parts,
    }


def _sitting(telling: _Telling, item: AgendaItem) -> list[list[str]]:
    """Who was there, by office; the quorum; how many opinions had come, and whose had not."""
    session, speaking = telling.session, telling.speaking
    say = speaking.say
    noted = {a.office: a.present for a in attendance.of_item(session, item.id)}
    here = [functions.words(o, speaking) for o in attendance.offices(noted) if noted.get(o)]
    away = [functions.words(o, speaking) for o, there in noted.items() if not there]
    seats = [s for s in found.seats_of(session, item.instance_id) if s.item_id == item.id]
    count = opinions.count(seats)
    absent = [functions.words(s.office or "", speaking) for s in seats if s.state == "missing"]
    rows = [[say("Present"), _listed(here)], [say("Absent"), _listed(away)]]
    if item.quorum is not None:
        rows.append([say("Quorum"), say("Yes") if item.quorum else say("No")])
    if seats:  # once the case has gone to a later agenda, they belong to that one
        received = say("{given} of {asked} received", given=count.given, asked=count.asked)
        rows.append([say("Individual opinions"), received])
    rows.append([say("No opinion from"), _listed(absent)])
    return [row for row in rows if row[1]]


def _first_written(everything: Iterable[Given], given: Given) -> datetime:
    """When a submission was given, before all corrections of it."""
    by_entry = {e.id: g for g in everything for e in g.entries}
    while earlier := [by_entry[i] for i in given.is_superseded_by if i in by_entry]:
        given = earlier[0]
    return given.written_at


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _line(label: str, value: Any) -> dict[str, Any]:
    """A question with its answer, or with the parts of a repeated one."""
    if isinstance(value, str):
        return {"label": label, "value": value, "parts": []}
    parts = [[[inner, str(words)] for inner, words in part if words] for part in value]
    return {"label": label, "value": "", "parts": parts}


def state_words(state: str, speaking: Speaking) -> str:
    """How an item stands."""
    say = speaking.say
    known = {
        "on_agenda": say("On the agenda"),
        "closed": say("The commission has opined"),
        "not_reached": say("Not reached: it goes to the next agenda, and its clocks run on"),
        "no_quorum": say("No quorum: it goes to the next agenda, and its clocks run on"),
        "withdrawn": say("Withdrawn: the case was ended, or moved elsewhere, meanwhile"),
    }
    return known.get(state, state.replace("_", " "))
