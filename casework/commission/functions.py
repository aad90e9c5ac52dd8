"""Functions of the commission, and which presence of theirs the quorum table asks for."""

from __future__ import annotations

from collections.abc import Collection

SECRETARY = "fr.cpu_secretary"
GOVERNOR = "fr.governor"
REGION = "fr.disp"
CENTRAL = "fr.central"
OVERSIGHT = "x.oversight"

OPINION = "F-CPU-OP"
"""The form of an individual opinion."""
COLLECTIVE = "F-CPU-MIN"
"""The form of the collective opinion."""

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
    }
)
"""What a member may read of a case between convening and closing [domain.md FR-2 step 3, 6.9]:
the question, the person's own words, the grids and the readings of them; no first observations."""

SPIP_DIRECTORS = frozenset({"fr.spip_director"})
DETENTION = frozenset({"fr.management", "fr.unit_lead"})
PSYCHOLOGIST_OR_PAIR = frozenset({"fr.psychologist", "fr.support_pair"})

RESTRICTIVE = frozenset({"qer", "reinforced_supervision", "isolation_proposal", "urgent"})
"""Outcomes that ask for more than ordinary detention; the others are favourable."""

CARRIED_UPWARD = frozenset({"qer"})
"""Outcomes that others decide on; the governor answers the rest himself [domain.md 0.1 FR-2]."""


def presences(chair_role: str, present: Collection[str]) -> dict[str, bool]:
    """The inputs of the quorum table, from the voting functions that were present."""
    here = frozenset(present)
    return {
        "chair_present": chair_role in here,
        "spip_director_present": bool(here & SPIP_DIRECTORS),
        "detention_present": bool(here & (DETENTION - {chair_role})),
        "psychologist_or_pair_present": bool(here & PSYCHOLOGIST_OR_PAIR),
    }
