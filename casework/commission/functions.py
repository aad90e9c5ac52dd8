"""Offices of the commission: who may sit on them, who votes, and what the quorum table asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from casework.words import ENGLISH, Speaking

SECRETARY = "fr.cpu_secretary"
GOVERNOR = "fr.governor"
REGION = "fr.disp"
CENTRAL = "fr.central"
OVERSIGHT = "x.oversight"

OPINION = "F-CPU-OP"
OPINIONS = frozenset({OPINION, "F-CPU2-OP"})
"""The forms of an individual opinion: at first, and after an evaluation."""
COLLECTIVES = ("F-CPU-MIN", "F-CPU2-MIN")
"""The forms of the collective opinion."""
OUTCOMES: Mapping[str, str] = {"F-CPU-MIN": "cpu1_outcome", "F-CPU2-MIN": "cpu2_outcome"}
"""Where each says what the commission proposes."""
PUT_OFF = frozenset({"adjourn", "defer_more_info"})
"""Outcomes that are no opinion yet."""
MORE = "F-MORE"
"""The form that answers a question of the ministry."""

PACK_FORMS = frozenset(
    {
        "F-ITEM",
        "F-VOICE",
        "G1",
        "G2",
        "G3",
        "F-STMT",
        "F-THIRD",
        "F-CONTRARY",
        "F-DRAFT",
        "F-DETDEC",
        "F-SYN",
        "F-COMMENTS",
    }
)
"""What a member may read of a case between convening and closing [domain.md FR-2 step 3, 6.9]:
the question, the person's own words, the grids and the readings of them; no first observations."""

MEMBER = "fr.cpu_member"

OFFICES: Mapping[str, tuple[str, ...]] = {
    "chair": (GOVERNOR, "fr.management"),
    "spip_director": ("fr.spip_director",),
    "detention": ("fr.management", "fr.unit_lead"),
    "psychologist": ("fr.psychologist", MEMBER),
    "support_pair": ("fr.support_pair",),
    "work": (MEMBER,),
    "training": (MEMBER,),
    "education": (MEMBER,),
    "pjj": (MEMBER,),
    "health": (MEMBER,),
    "intelligence": (MEMBER,),
}
"""Which functions may hold an office [art. D. 211-34 code pénitentiaire; domain.md 3.1]."""

CONSULTATIVE = frozenset({"psychologist", "support_pair", "pjj", "health", "intelligence"})
"""Heard, but without a vote and never counted for the quorum [D. 211-34; domain.md 0.1 FR-2]; the
support pair, which the list of the law does not name, among them [default of the product]."""

CHAIRS = {"governor": GOVERNOR, "deputy": "fr.management"}
"""Who chairs, as the planning form asks it."""

RESTRICTIVE = frozenset(
    {
        "qer",
        "reinforced_supervision",
        "isolation_proposal",
        "urgent",
        "special_programme_collective",
        "special_programme_individual",
        "max_security",
        "ordinary_with_followup",
    }
)
"""Outcomes that ask for more than ordinary detention; the others are favourable."""

CARRIED_UPWARD = frozenset({"qer"})
"""Outcomes that others decide on; the governor answers the rest himself [domain.md 0.1 FR-2]."""


def presences(present: Collection[str]) -> dict[str, bool]:
    """The inputs of the quorum table, from the offices that were present."""
    here = frozenset(present) - CONSULTATIVE
    return {
        "chair_present": "chair" in here,
        "spip_director_present": "spip_director" in here,
        "detention_present": "detention" in here,
    }


def words(office: str, speaking: Speaking = ENGLISH) -> str:
    """An office as pages and minutes name it."""
    say = speaking.say
    known = {
        "chair": say("Chair"),
        "spip_director": say("Director of the probation service (SPIP)"),
        "detention": say("Detention sector"),
        "psychologist": say("Psychologist"),
        "support_pair": say("Support pair"),
        "work": say("Work"),
        "training": say("Vocational training"),
        "education": say("Education"),
        "pjj": say("Youth service (PJJ)"),
        "health": say("Care team"),
        "intelligence": say("Local intelligence delegate"),
    }
    return known.get(office, office.replace("_", " "))


def outcome_words(code: str, speaking: Speaking = ENGLISH) -> str:
    """What a commission can propose."""
    say = speaking.say
    known = {
        "qer": say("Evaluation unit (QER)"),
        "reinforced_supervision": say("Reinforced supervision"),
        "no_follow_up": say("No follow-up"),
        "support_only": say("Support only"),
        "adjourn": say("Adjourned"),
        "isolation_proposal": say("Isolation proposed"),
        "urgent": say("Urgent measure"),
        "special_programme_collective": say("Care unit, in a group (QPR)"),
        "special_programme_individual": say("Care unit, singly (QPR)"),
        "ordinary_with_followup": say("Ordinary detention with follow-up"),
        "ordinary_no_followup": say("No follow-up"),
        "max_security": say("Maximum security proposed"),
        "health_route": say("The way of health care"),
        "defer_more_info": say("Adjourned"),
    }
    return known.get(code, code.replace("_", " "))


def owner_words(role: str, speaking: Speaking = ENGLISH) -> str:
    """Who owes an answer."""
    say = speaking.say
    known = {
        GOVERNOR: say("Governor"),
        REGION: say("Region (DISP)"),
        CENTRAL: say("Central administration (DAP)"),
    }
    return known.get(role, role)
