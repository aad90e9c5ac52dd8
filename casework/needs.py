"""What each step is done from: the forms whose answers it shows, if the reader may read them."""

from __future__ import annotations

from collections.abc import Mapping

from casework.placement import needs
from casework.supervision import needs as unit_needs

GRIDS = ("G1", "G2", "G3")
ASSESSED = (*GRIDS, "F-STMT", "F-ADVISOR", "F-THIRD", "F-CONTRARY", "F-BIAS", "F-MEND")
MEASURES = (
    *("F-DEC", "F-URGENT", "F-URGENT-END", "F-REV", "F-RULING"),
    *("F-QPR-REV", "F-END-ANSWER", "F-LEAVE-CLOSE"),
)
SECOND = ("F-CPU2-MIN", "F-CRIT-QPR", "F-GOV-OP", "F-DISP-OP", *unit_needs.RENEWED)
EVALUATED = ("F-NEEDS", "F-ACCOUNT", "F-DISC", "F-CONFER", "F-MIDTERM")
HEARD = ("F-GROUNDS", "F-HEAR", "F-ANSWER")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "F-TRIAGE": ("F-OBS",),
    "F-DANGER": ("F-OBS", "F-REPORT", "F-TRIAGE"),
    "F-DUPLICATE": ("F-OBS", "F-REPORT"),
    "F-BASIS": ("F-OBS", "F-REPORT", "F-TRIAGE"),
    "F-NOTICE": ("F-OBS", "F-REPORT", "F-BASIS", "F-DETDEC", "F-FIND", "F-EXCEPTION", *MEASURES),
    "F-DEFER": ("F-NOTICE",),
    "F-DEFER-REVIEW": ("F-NOTICE", "F-DEFER"),
    "F-RECEIPT": ("F-NOTICE", "F-CONTINUES", "F-ORDER", "F-SHORT", *MEASURES, *needs.TOLD),
    "F-RATERS": ("F-BASIS", "F-LEND"),
    "F-LEND": ("F-RATERS",),
    "F-STMT": ("F-NOTICE",),
    "F-THIRD": (*GRIDS, "F-STMT", "F-DISC", "F-CONFER"),
    "F-CONTRARY": (*GRIDS, "F-STMT", "F-ADVISOR", "F-THIRD"),
    "F-BIAS": (*GRIDS, "F-STMT", "F-CONTRARY", "F-MEND", "F-SYN-DRAFT"),
    "F-MEND": ("F-BIAS", "F-CONTRARY", "F-SYN-DRAFT"),
    "F-DRAFT": ("F-OBS", "F-REPORT", *ASSESSED),
    "F-DETDEC": ("F-DRAFT", *ASSESSED),
    "F-SUPPORT": ("F-TRIAGE", "F-DETDEC"),
    "F-FIND": ("F-OBS", "F-REPORT", "F-DETDEC", "F-INTERRUPT", "F-CONTINUES", *GRIDS),
    "F-INVENTORY": ("F-FIND",),
    "F-DPO": ("F-FIND", "F-INVENTORY"),
    "F-CONTINUES": ("F-INTERRUPT", "F-BASIS", "F-DETDEC"),
    "F-ORDER": ("F-INTERRUPT", "F-DETDEC"),
    "F-CONSENT": ("F-CONTINUES", "F-ORDER"),
    "F-HANDOVER": ("F-CONTINUES", "F-ORDER"),
    "F-INFORMED": ("F-INTERRUPT",),
    "F-ITEM": (
        "F-DETDEC",
        "F-CPU-REQ",
        "F-CPU2-REQ",
        "F-SYN",
        "F-COMMENTS",
        *ASSESSED,
        "F-CPU-MIN",
        "F-GOV-POS",
    ),
    "F-VOICE": ("F-ITEM", "F-CPU-REQ", "F-NOTICE"),
    "F-CPU-OP": ("F-ITEM", "F-VOICE", "F-DETDEC", *GRIDS, "F-STMT", "F-THIRD", "F-CONTRARY"),
    "F-CPU-MIN": ("F-ITEM", "F-VOICE", "F-CPU-OP"),
    "F-GOV-POS": ("F-VOICE", "F-CPU-MIN", "F-CPU2-MIN"),
    "F-JOINT": ("F-CPU-MIN", "F-GOV-POS", "F-VOICE"),
    "F-TRANSMIT": ("F-CPU-MIN", "F-GOV-POS", "F-VOICE", "F-JOINT"),
    "F-REGION-OP": ("F-CPU-MIN", "F-GOV-POS", "F-VOICE", "F-JOINT", "F-TRANSMIT"),
    "F-JUDGES": ("F-CPU-MIN", "F-TRANSMIT"),
    "F-QER": ("F-CPU-MIN", "F-GOV-POS", "F-VOICE", "F-JOINT", "F-REGION-OP", "F-JUDGES", "F-MORE"),
    "F-MORE": ("F-CPU-MIN", "F-QER"),
    "F-AGENDA": ("F-SESSION",),
    "F-HOLD": ("F-SESSION", "F-AGENDA"),
    "F-MINUTES": ("F-HOLD",),
    "F-GROUNDS": (
        "F-PLACE",
        "F-DETDEC",
        "F-CPU-MIN",
        "F-CPU2-MIN",
        "F-CRIT-QPR",
        "F-GOV-POS",
        "F-URGENT",
        "F-REV",
        *unit_needs.RENEWED,
    ),
    "F-HEAR": ("F-GROUNDS",),
    "F-ANSWER": ("F-GROUNDS", "F-HEAR"),
    "F-CRIT": ("F-PLACE", *HEARD, *SECOND, "F-CPU-MIN", "F-GOV-POS", "F-EYES"),
    "F-EYES": ("F-PLACE", *HEARD, "F-CRIT"),
    "F-DEC": ("F-PLACE", *HEARD, *SECOND, "F-FACTS", "F-CPU-MIN", "F-GOV-POS", "F-CRIT", "F-EYES"),
    "F-BEGIN": ("F-DEC",),
    "F-WEEK": ("F-DEC", "F-BEGIN"),
    "F-REV": ("F-DEC", "F-CRIT", "F-BEGIN", "F-WEEK"),
    "F-BUNDLE": (*HEARD, "F-APPEAL", "F-DEC"),
    "F-RULING": ("F-APPEAL", "F-BUNDLE"),
    "F-EXECUTE": ("F-APPEAL", "F-RULING", "F-DEC"),
    "F-URGENT-WHY": ("F-URGENT",),
    "F-URGENT-END": ("F-URGENT", "F-URGENT-WHY", *HEARD),
    "F-INTERIM": ("F-QER", "F-DEC", "F-INTERIM"),
    "F-ADMIT": ("F-QER",),
    "F-NEEDS": ("F-QER", "F-ADMIT"),
    "F-TEAM": ("F-QER", "F-NEEDS"),
    "F-DISC": ("F-QER", "F-NEEDS", "F-ACCOUNT"),
    "F-CONFER": ("F-DISC", "F-ACCOUNT"),
    "F-MIDTERM": ("F-NEEDS", "F-ACCOUNT", "F-QER"),
    "F-EXTEND": ("F-QER", "F-MIDTERM"),
    "F-SYN-DRAFT": (*EVALUATED, "F-THIRD"),
    "F-SYN-GIVE": ("F-SYN-DRAFT",),
    "F-COMMENTS": ("F-SYN-DRAFT", "F-SYN-GIVE"),
    "F-SYN": (*EVALUATED, "F-THIRD", "F-SYN-DRAFT", "F-BIAS", "F-MEND", "F-COMMENTS"),
    "F-SHORT": ("F-QER", "F-NEEDS", "F-ACCOUNT", "F-MIDTERM", "F-SYN-DRAFT"),
    "F-CPU2-OP": ("F-ITEM", "F-VOICE", "F-SYN", "F-COMMENTS"),
    "F-CPU2-MIN": ("F-ITEM", "F-VOICE", "F-CPU2-OP", "F-SYN", "F-COMMENTS"),
    "F-FACTS": ("F-CPU2-MIN",),
    "F-CRIT-QPR": ("F-CPU2-MIN", "F-GOV-POS", "F-SYN", "F-COMMENTS"),
    "F-GOV-OP": (*HEARD, "F-CPU2-MIN", "F-CRIT-QPR"),
    "F-DISP-OP": (*HEARD, "F-CPU2-MIN", "F-GOV-POS", "F-CRIT-QPR"),
    "F-TRANSMIT-J": ("F-DEC", "F-QER", "F-SYN"),
    "F-RECEIPT-J": ("F-TRANSMIT-J",),
    **needs.NEEDS,
    **unit_needs.NEEDS,
}
"""What a step is done from. A grid shows nothing that others think; nobody reads more for a step
than it needs [LED art. 4(1)(c); domain.md 6.1]."""
