"""Loads a form definition from form-js JSON, refusing what could not be asked safely."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from forms.attributes import Attributes
from forms.crosscheck import check_whole
from forms.form import FormDefinition
from forms.problem import Complaints, FormError, Problem
from forms.reading import Document, read_document
from forms.tree import Tree

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}\Z")
OLDEST_SCHEMA = 16


def load_form(raw: bytes, name: str) -> FormDefinition:
    """The form of this file; FormError says with component and remedy why it cannot be used."""
    definition, found = _read(raw, name)
    if definition is None or found:
        raise FormError(found)
    return replace(definition, digest=hashlib.sha256(raw).hexdigest())


def problems(raw: bytes, name: str) -> list[Problem]:
    """Everything that keeps the form from being used; an empty list means it is sound."""
    return _read(raw, name)[1]


def _read(raw: bytes, name: str) -> tuple[FormDefinition | None, list[Problem]]:
    document, complaints = read_document(raw, name)
    if document is None:
        return None, complaints.problems
    try:
        definition = _definition(document, name, complaints)
    except RecursionError:
        complaints.add(None, "The form is nested without end.", "Draw its groups side by side.")
        return None, complaints.problems
    return definition, complaints.problems


def _definition(document: Document, name: str, complaints: Complaints) -> FormDefinition:
    given = Attributes(document, "form", complaints)
    form_id = _form_id(document, name, complaints)
    properties = given.properties()
    title = given.words("title", "name", "label") or properties.get("title") or form_id
    tree = Tree(complaints)
    sections = tree.sections(document.get("components"), title, properties.get("layer") or None)
    check_whole(sections, complaints)
    definition = FormDefinition(
        id=form_id,
        title=title,
        sections=sections,
        rules=tuple(properties.get("rules", "").replace(",", " ").split()),
        outcome=properties.get("outcome") or None,
        is_wide=properties.get("wide", "") in ("true", "yes", "1"),
        minutes=given.whole(properties.get("minutes"), "minutes", 0, 600, 0) or None,
        properties=properties,
    )
    _check_outcome(definition, complaints)
    return definition


def _form_id(document: Document, name: str, complaints: Complaints) -> str:
    given: Any = document.get("id")
    form_id = given if isinstance(given, str) and _ID.match(given) else ""
    if not form_id:
        complaints.add(None, "The form has no plain id.", "Set id to the name of the file.")
    path = PurePosixPath(name)
    if form_id and path.suffix == ".form" and path.stem != form_id:
        complaints.add(
            None, f"The id {form_id} is not the name of the file.", f"Set id to {path.stem}."
        )
    if document.get("type") != "default":
        complaints.add(None, "The type of the form is not 'default'.", "Set type to default.")
    version = document.get("schemaVersion")
    if isinstance(version, bool) or not isinstance(version, int) or version < OLDEST_SCHEMA:
        complaints.add(
            None,
            f"schemaVersion is not {OLDEST_SCHEMA} or later.",
            "Export the form from a current form editor.",
        )
    return form_id


def _check_outcome(definition: FormDefinition, complaints: Complaints) -> None:
    if definition.outcome is None:
        return
    field = definition.fields.get(definition.outcome)
    if field is None or field.kind != "one" or field.list_key:
        complaints.add(
            definition.outcome,
            "The outcome of the form is no radio or select field.",
            "Name in the property outcome the key of the field that decides.",
        )
