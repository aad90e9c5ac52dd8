"""The access policy as a table: which role reads which layers, and when."""

from __future__ import annotations

from dataclasses import dataclass

IDENTITY, OPEN, RESTRICTED, NOTES = "L0", "L1", "L2", "L3"

RATING_FORMS = frozenset({"G1", "G2", "G3"})
"""Forms of a rating seat: their raters work blind."""

OBSERVATION_FORMS = frozenset({"F-OBS", "F-TRIAGE"})
"""What a unit lead reads of the own establishment."""

ABSTRACT_FORMS = frozenset({"F-ADVISOR"})
"""Answered without name and file: an abstract question to an advisor [domain.md FR-1 step 8]."""

COORDINATORS = frozenset({"fr.mlrv"})
UNIT_LEADS = frozenset({"fr.unit_lead"})
DATA_PROTECTION = frozenset({"x.dpo"})
OVERSIGHT = frozenset({"x.oversight"})
AUTHORITIES = frozenset({"fr.governor", "fr.disp", "fr.central"})
"""Functions that the table of competence can name: they sign decisions on measures."""

REMEDIES_KEPT_BY = frozenset({"fr.registry"})
"""Who takes a person's remedy against a decision, and so must find the decision."""

DELEGABLE_FORMS = frozenset({"F-DEC"})
"""What may be signed for an authority, under a delegation in force."""

FRONTLINE = frozenset({"fr.custody", "fr.chaplaincy"})
NEVER_ROUNDS = FRONTLINE | UNIT_LEADS
"""Roles that read no grid, statement or comparison of a round but their own [domain 6.9]."""

ASSESSORS = frozenset({"fr.mlrv", "x.second_reader", "fr.support_pair", "fr.psychologist"})
"""The assessors' team: working notes are theirs [domain 6.1, L3]."""

DANGER = "urgent"
"""The notice that calls a function to act on a danger, written by a step of the process.

Whoever it is addressed to (a function at the place, or one person) may open the case, is told who
it is about, and reads of what others wrote one thing: the observation that raised the danger, its
restricted part too. It opens no step, no other answers and no notes, and ends when the case is
closed or the reader puts the notice away. Colleagues of other functions see nothing by it."""

CALLED_LAYERS = frozenset({IDENTITY, RESTRICTED})
"""Of these layers somebody called to a danger reads something: the person, and the one entry."""

ALWAYS, WITH_TASK, OWN = "always", "with_task", "own"


@dataclass(frozen=True)
class Audience:
    """Who reads: a role, the layers of it, and when (always, with_task, own)."""

    role: str
    layers: frozenset[str]
    when: str


def standing_layers(role: str) -> frozenset[str]:
    """The layers a role reads at the places it covers, without a task."""
    if role in COORDINATORS:
        return frozenset({IDENTITY, OPEN, RESTRICTED, NOTES})
    if role in OVERSIGHT:
        return frozenset({IDENTITY, OPEN, RESTRICTED})
    if role in UNIT_LEADS:
        return frozenset({IDENTITY, RESTRICTED})
    if role in DATA_PROTECTION:
        return frozenset({OPEN})
    return frozenset()


def task_layers(role: str) -> frozenset[str]:
    """The layers a role reads of a case while it has an open task in it."""
    if role in FRONTLINE:
        return frozenset({IDENTITY, OPEN})
    if role in ASSESSORS:
        return frozenset({IDENTITY, OPEN, RESTRICTED, NOTES})
    return frozenset({IDENTITY, OPEN, RESTRICTED})


def covers_form(role: str, form: str, in_round: bool) -> bool:
    """Whether a role that reads the layer may also read this form."""
    if in_round and role in NEVER_ROUNDS:
        return False
    return role not in UNIT_LEADS or form in OBSERVATION_FORMS
