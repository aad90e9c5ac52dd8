"""The access policy as a table: which role reads which layers, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

IDENTITY, OPEN, RESTRICTED, NOTES = "L0", "L1", "L2", "L3"

ASSESSMENT = "F-DISC"
"""The assessment of one discipline in an evaluation unit."""

RATING_FORMS = frozenset({"G1", "G2", "G3", ASSESSMENT})
"""Forms of a rating seat: their raters work blind."""

OBSERVATION_FORMS = frozenset({"F-OBS", "F-TRIAGE"})
"""What a unit lead reads of the own establishment."""

ABSTRACT_FORMS = frozenset({"F-ADVISOR"})
"""Answered without name and file: an abstract question to an advisor [domain.md FR-1 step 8]."""

COORDINATORS = frozenset({"fr.mlrv", "se.case_manager", "se.security"})
UNIT_LEADS = frozenset({"fr.unit_lead"})
DATA_PROTECTION = frozenset({"x.dpo"})
OVERSIGHT = frozenset({"x.oversight"})
AUTHORITIES = frozenset(
    {"fr.governor", "fr.disp", "fr.central", "se.governor", "se.placement", "se.head_office"}
)
"""Functions that the table of competence can name: they sign decisions on measures."""

REMEDIES_KEPT_BY = frozenset({"fr.registry", "se.contact_person", "se.legal"})
"""Who takes a person's remedy against a decision, and so must find the decision."""

DELEGABLE_FORMS = frozenset({"F-DEC"})
"""What may be signed for an authority, under a delegation in force."""

FRONTLINE = frozenset(
    {"fr.custody", "fr.chaplaincy", "se.officer", "se.contact_person", "se.chaplaincy_coord"}
)
NEVER_ROUNDS = FRONTLINE | UNIT_LEADS
"""Roles that read no grid, statement or comparison of a round but their own [domain 6.9]."""

EVALUATORS = frozenset({"fr.qer_team"})
"""The team of an evaluation unit."""

ASSESSORS = EVALUATORS | {
    "fr.mlrv",
    "x.second_reader",
    "fr.support_pair",
    "fr.psychologist",
    "fr.qpr_team",
    "se.psychologist",
    "se.programme",
}
"""The assessors' team: working notes are theirs [domain 6.1, L3]."""

DANGER = "urgent"
"""The notice that calls a function to act on a danger, written by a step of the process.

Whoever it is addressed to (a function at the place, or one person) may open the case, is told who
it is about, and reads of what others wrote one thing: the observation that raised the danger, its
restricted part too. It opens no step, no other answers and no notes, and ends when the case is
closed or the reader puts the notice away. Colleagues of other functions see nothing by it."""

DANGER_FORM = "F-DANGER"
"""The form on which whoever was called says what was done about a danger."""

CALLED_LAYERS = frozenset({IDENTITY, RESTRICTED})
"""Of these layers somebody called to a danger reads something: the person, and the one entry."""

NOTHING: frozenset[str] = frozenset()
NARROW_STEPS: Mapping[str, frozenset[str]] = {
    "F-OVERDUE": NOTHING,  # gets a late step moving: which step, whose, since when; not its content
    "F-RECEIPT": NOTHING,  # hands over a paper and notes that it was handed over
    "F-STMT": NOTHING,  # takes down the person's own words beside the notice the person got
    "F-LEND": frozenset({"F-RATERS"}),  # lends a colleague: whom is missing, and nothing else
    "F-CONSENT": NOTHING,  # asks the person whether support is wanted, after the case has ended
    "F-HANDOVER": NOTHING,  # hands over dates and duties by law, without any rating
    "F-INFORMED": NOTHING,  # notes who was told of a death or of minority
    # The person's own words, papers handed over, what goes to a judge.
    "F-VOICE": frozenset({"F-ITEM", "F-CPU-REQ"}),
    "F-ACCOUNT": NOTHING,
    "F-SYN-GIVE": frozenset({"F-SYN-DRAFT"}),
    "F-COMMENTS": frozenset({"F-SYN-DRAFT"}),
    "F-JUDGES": frozenset({"F-CPU-MIN"}),
    "F-TRANSMIT-J": frozenset({"F-DEC", "F-QER", "F-SYN"}),
    "F-RECEIPT-J": NOTHING,
    # Programmes in care units and the hand-over before release.
    "F-QPR-VIEW": frozenset({"F-QPR-TALK"}),  # each discipline writes alone: no other's view
    "F-QPR-FACTS": NOTHING,  # sentence, register, region: what the table of competence asks
    "F-QPR-MED": NOTHING,  # that an opinion was asked for and came
    "F-LEAVE-HELP": NOTHING,  # steps in for a residence
    "F-LEAVE-KEEP": NOTHING,  # says per kind of paper what is kept
    "F-LEAVE-TAKE": NOTHING,  # the open service gets what the person may read
    "F-REJECT": NOTHING,  # takes down what the person says to a decision the person was given
    "F-LATE": NOTHING,  # looks at the days alone
    "F-LATE-ANSWER": NOTHING,  # takes down what the person says to a dismissal
    "F-STILL": NOTHING,  # asks whether the person withdraws
    DANGER_FORM: frozenset({"F-OBS", "F-REPORT", "F-TRIAGE"}),  # what raised the danger
    "F-FRAMES": NOTHING,  # notes what was seen of daily life, without the file
    "F-REPLY": NOTHING,  # answers a request for action from its extract
}
"""Clerical and supervisory steps, and those about one matter: what they open of the restricted
part, by the form it was answered on. They open identity and the open file as every step, and no
working notes. A step that is not named here weighs the case, and opens what its function reads
with a task [LED art. 4(1)(c); domain.md 6.1]."""

EXTRACT_STEPS: Mapping[str, frozenset[str]] = {
    "F-REPLY": frozenset({"F-ACTION"}),
    "F-FRAMES": NOTHING,
}
"""Steps that open of the open file, too, only what was answered on some forms: whoever is asked for
an action gets the extract that was written for it, not the file [domain.md SE-4, rule 12]."""

CATEGORY_FORMS = frozenset({"F-CATEGORY", "F-CAT-CHECK", "F-CONSEQ", "F-SECOND"})
"""What says which category somebody is given: no officer of the wing reads it [domain.md 5.9]."""

WING = frozenset({"se.officer", "se.chaplaincy_coord"})
"""Who meets the client every day; the contact person tells the client of it, and so must know."""

Steps = Mapping[str, Collection[str]]
"""For each role, the forms of its steps."""

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
        found = frozenset({IDENTITY, OPEN, RESTRICTED})
        return found | ({NOTES} if role in ASSESSORS else frozenset())
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


def step_layers(role: str, form: str) -> frozenset[str]:
    """The layers of which a role reads something while it has an open step on a form."""
    layers = task_layers(role)
    if form not in NARROW_STEPS:
        return layers
    return layers & ({IDENTITY, OPEN, RESTRICTED} if NARROW_STEPS[form] else {IDENTITY, OPEN})


def step_opens(role: str, form: str, layer: str, answered_on: str) -> bool:
    """Whether an open step on a form opens a layer of what was answered on another form."""
    if layer not in step_layers(role, form):
        return False
    if layer == OPEN and form in EXTRACT_STEPS:
        return answered_on in EXTRACT_STEPS[form]
    return layer != RESTRICTED or answered_on in NARROW_STEPS.get(form, {answered_on})


def layers_with_step(
    role: str, layers: frozenset[str], answered_on: str, steps: Steps | None
) -> frozenset[str]:
    """Which of the layers of a form's answers a role reads with one of its steps open; without
    `steps`, with a step that weighs the case."""
    forms = [""] if steps is None else steps.get(role, ())
    opened = (layer for layer in layers for f in forms if step_opens(role, f, layer, answered_on))
    return frozenset(opened)


def covers_form(role: str, form: str, in_round: bool) -> bool:
    """Whether a role that reads the layer may also read this form."""
    if in_round and role in NEVER_ROUNDS:
        return False
    if form in CATEGORY_FORMS and role in WING:
        return False
    return role not in UNIT_LEADS or form in OBSERVATION_FORMS
