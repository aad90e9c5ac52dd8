"""The file for the court: the open parts of what was chosen, numbered, each with its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework import catalogues, described, material, papers, shown, submissions, typesetting
from casework.access import Viewer
from casework.access_policy import IDENTITY, OPEN
from casework.placement import given as answered
from casework.submissions import Given
from casework.tables import Case, CourtPart, Document, Person, RecordEntry, Remedy
from casework.unseen import NotVisible
from casework.words import Speaking
from forms import Choice
from forms.words import NOT_ANSWERED
from processes.acting import Acting
from processes.engine import EngineFault
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from casework.effects import Doing
    from casework.material import Looking
    from casework.platform import Platform
    from forms import FormDefinition

ASKED, READABLE, GIST = "open", "open", "gist"
"""The question beside a fact, who may read it, and its answers."""

KIND, SOURCE, FORM = "court_bundle", "open_documents", "F-COURT"
LAYERS = frozenset({IDENTITY, OPEN})
"""All that a court's file may hold; the person reads the same [SE-6-I3; OSL 10 kap. 3 §]."""

READERS = frozenset({"se.legal", "se.contact_person", "se.placement"})
"""Who keeps the way to the court, and who hands the person the copy."""


def open_part(given: Given) -> Given | None:
    """Of a submission only what the person may read."""
    return given.where(lambda entry: entry.layer in LAYERS and entry.ciphertext is not None)


def options(looking: Looking) -> dict[str, Sequence[Choice]]:
    """What can be chosen for the court: what has an open part, oldest first."""
    found = []
    for given in submissions.in_force(submissions.of_case(looking.session, looking.case.id)):
        part = open_part(given)
        if part is None or part.first.instance_id is None or given.form == FORM:
            continue
        day = looking.speaking.day(given.written_at.date())
        words = looking.speaking.say(
            "{title}, {day}", title=material.title_of(looking, part), day=day
        )
        found.append(Choice(str(_key(given)), words))
    return {SOURCE: found}


def _key(given: Given) -> UUID | None:
    """What stands for a submission in the form: its open entry, which a reader can be told of."""
    part = open_part(given)
    return part.first.id if part else None


def issue(doing: Doing, remedy: Remedy) -> Document:
    """Number the file, set it as a paper, and keep the digest of each part."""
    session, acting, case = doing.session, doing.acting, doing.case
    court = answered.last(session, case.id, doing.call.instance_id, FORM)
    said = answered.answers(doing.platform, session, acting, court)
    chosen = {str(value) for value in said.get("documents") or ()}
    everything = submissions.in_force(submissions.of_case(session, case.id))
    parts = [open_part(given) for given in everything if str(_key(given)) in chosen]
    kept = [part for part in parts if part is not None]
    if not kept or len(kept) != len(chosen):
        raise EngineFault(doing.element.id, "A document was chosen that has no open part.")
    number = _number(doing)
    pdf = typesetting.pdf("minutes", _content(doing, remedy, said, kept, number), acting.now)
    document = papers.store(
        doing.platform, session, acting, case_id=case.id, kind=KIND, number=number, content=pdf
    )
    for part in kept:
        for entry in part.entries:
            session.add(_part(acting, case, document, entry))
    session.flush()
    return document


def _part(acting: Acting, case: Case, document: Document, entry: RecordEntry) -> CourtPart:
    return CourtPart(
        id=acting.new_id(),
        agency_id=case.agency_id,
        document_id=document.id,
        entry_id=entry.id,
        layer=entry.layer,
        digest=_digest(entry),
    )


def _digest(entry: RecordEntry) -> str:
    return hashlib.sha256(entry.ciphertext or b"").hexdigest()


def _number(doing: Doing) -> str:
    year = shown.local_day(doing.acting.now, doing.place.zone).year
    count = papers.next_number(doing.session, doing.acting, doing.place.id, KIND, year)
    return f"{year}-{count:03}"


def why_not_open(session: Session, document: Document) -> list[str]:
    """What is wrong with a file for the court: a part of another layer, or one that was altered
    since; nothing when it holds the open file alone."""
    found = []
    for part in session.scalars(select(CourtPart).where(CourtPart.document_id == document.id)):
        entry = session.get(RecordEntry, part.entry_id)
        if part.layer not in LAYERS or (entry is not None and entry.layer not in LAYERS):
            found.append(f"{part.entry_id}: layer {part.layer}")
        elif entry is not None and entry.ciphertext and _digest(entry) != part.digest:
            found.append(f"{part.entry_id}: altered since it was issued")
    return found


# --- what the paper says -------------------------------------------------------------------------


def _content(
    doing: Doing, remedy: Remedy, said: Any, parts: Sequence[Given], number: str
) -> dict[str, Any]:
    speaking, session = catalogues.of_pack(doing.case.pack), doing.session
    say, zone = speaking.say, doing.place.zone
    person = session.get(Person, doing.case.person_id) if doing.case.person_id else None
    return {
        "lang": speaking.language,
        "title": say("File for the administrative court"),
        "number": say("File number {number}", number=number),
        "head": [
            [say("Establishment"), doing.place.name],
            [say("Court"), str(said.get("court") or "")],
            [say("Person concerned"), _who(person)],
            [say("Rejected on"), speaking.day(remedy.lodged_on)],
            [say("Issued on"), speaking.day(shown.local_day(doing.acting.now, zone))],
            [say("Documents"), str(len(parts))],
        ],
        "items_title": say("Documents"),
        "items": [_item(doing, part, place, speaking) for place, part in enumerate(parts, 1)],
        "agreed_title": say("Statement of the service"),
        "agreed": _statement(said, speaking),
        "end": say(
            "Made from the open file alone; the person has the same file. Staff appear by function"
            " and service number."
        ),
        "page": say("Page"),
        "of": say("of"),
    }


def _who(person: Person | None) -> str:
    return f"{shown.full_name(person)}, {person.number}" if person else ""


def _statement(said: Any, speaking: Speaking) -> list[dict[str, Any]]:
    say = speaking.say
    rows = [(say("Statement"), said.get("statement"))]
    if said.get("protected") == "separate":
        rows.append((say("Given separately; its gist"), said.get("gist")))
    return [{"label": label, "value": str(value or ""), "parts": []} for label, value in rows]


def _item(doing: Doing, part: Given, place: int, speaking: Speaking) -> dict[str, Any]:
    session, platform, say = doing.session, doing.platform, speaking.say
    instance = session.get_one(ProcessInstance, part.first.instance_id)
    names = shown.wording(platform, session, instance.version_id, speaking)
    definition = submissions.definition_of(platform.models, session, part)
    answers = submissions.read(platform, session, replace(doing.acting, user_id=None), part)
    readable = _readable(answers)
    title = names.element(part.first.element_id) if part.first.element_id else definition.title
    sections = described.described(session, definition, readable, speaking)
    blank = speaking.translate(NOT_ANSWERED)
    return {
        "title": say("{place}. {title}", place=place, title=title),
        "state": say(
            "{role}, {moment}",
            role=names.role(part.first.author_role),
            moment=speaking.moment(part.written_at, doing.place.zone),
        ),
        "head": [],
        "parts": [
            *_parts(sections, blank, say("Left out"), _by_gist(definition, readable, speaking)),
            *_left_out(answers, speaking),
        ],
    }


def _readable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without the facts of which somebody wrote that the person may not read them; of those
    that are told by their gist, the gist alone. They stand beside open ones in the same list."""
    return {
        name: [part for row in value if (part := _open_row(row)) is not None]
        if isinstance(value, list)
        else value
        for name, value in answers.items()
    }


def _open_row(row: Any) -> Any:
    if not isinstance(row, Mapping) or row.get(ASKED, READABLE) == READABLE:
        return row
    told = str(row.get(GIST) or "").strip()
    return {GIST: told} if row.get(ASKED) == GIST and told else None


def _by_gist(
    definition: FormDefinition, readable: Mapping[str, Any], speaking: Speaking
) -> Mapping[str, str]:
    """By the name of a section, the words that the rest is withheld, where a gist stands in it."""
    words = speaking.say(
        "Of what this rests on, the person and the court get the gist; the rest is withheld under"
        " law."
    )
    return {
        speaking.translate(section.title): words
        for section in definition.sections
        for repeated in section.lists
        if any(set(row) == {GIST} for row in readable.get(repeated.key) or ())
    }


def _left_out(answers: Mapping[str, Any], speaking: Speaking) -> list[dict[str, Any]]:
    """That something stands here which neither the court nor the person is given."""
    rows = [r for v in answers.values() if isinstance(v, list) for r in v if isinstance(r, Mapping)]
    if all(_open_row(row) is not None for row in rows):
        return []
    words = speaking.say("Facts that the person may not read are not in this file.")
    return [{"label": speaking.say("Left out"), "value": words, "parts": []}]


def _parts(
    sections: Any, blank: str, left_out: str, by_gist: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The answers under the name of their section: which criterion it is, must be read."""
    for title, rows in sections:
        lines = [line for label, value in rows if (line := _line(label, value, blank))]
        if title and lines:
            yield {"heading": title}
        yield from lines
        if title in by_gist:
            yield {"label": left_out, "value": by_gist[title], "parts": []}


def _line(label: str, value: Any, blank: str) -> dict[str, Any] | None:
    """A question with its answer; nothing for one that was not answered or goes on nothing."""
    if isinstance(value, str):
        kept = value.strip() not in ("", blank)
        return {"label": label, "value": value, "parts": []} if kept else None
    parts = [[[str(name), str(words)] for name, words in row if words] for row in value]
    return {"label": label, "value": "", "parts": parts} if parts else None


# --- reading it ----------------------------------------------------------------------------------


def of_case(session: Session, case_id: UUID) -> list[Document]:
    """The files for courts that were issued in a case, the newest first."""
    wanted = select(Document).where(Document.case_id == case_id, Document.kind == KIND)
    return list(session.scalars(wanted.order_by(Document.issued_at.desc(), Document.id)))


def destroy(platform: Platform, session: Session, acting: Acting, case_id: UUID) -> None:
    """After a case was erased nothing of it stays in a file for a court [LED art. 16(2)]."""
    for document in of_case(session, case_id):
        session.execute(delete(CourtPart).where(CourtPart.document_id == document.id))
        papers.destroy(platform, session, acting, document)


def read(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, document_id: UUID
) -> tuple[str, bytes]:
    """Number and paper, for those who keep the way to the court; the reading is audited."""
    document = session.get(Document, document_id)
    case = session.get(Case, document.case_id) if document and document.case_id else None
    if document is None or case is None or document.kind != KIND:
        raise NotVisible("document", document_id)
    if not READERS.intersection(viewer.roles_at(case.establishment_id)):
        raise NotVisible("document", document_id, case.id)
    return document.number, papers.read(platform, session, acting, document, "court")
