"""What the steps of placement, release and probation are done from, by form."""

from __future__ import annotations

from collections.abc import Mapping

TOLD = (
    *("F-RECON", "F-PUT-RIGHT", "F-RIGHT-AFTER", "F-LATE", "F-COURT-RULING"),
    *("F-BREACH-DEC", "F-BOARD", "F-CLOSING"),
)
"""What the person is told of besides decisions on measures."""

HEARD = ("F-GROUNDS", "F-HEAR", "F-ANSWER")

NEEDS: Mapping[str, tuple[str, ...]] = {
    # Placement, its rejection and the court.
    "F-MOVE": ("F-DEC", "F-REV"),
    "F-REJECT": ("F-DEC",),
    "F-RECON": ("F-PLACE", *HEARD, "F-CRIT", "F-DEC", "F-REJECT", "F-REJECT-LATE"),
    "F-LATE": ("F-DEC", "F-RECEIPT", "F-REJECT-LATE"),
    "F-LATE-ANSWER": ("F-LATE",),
    "F-PUT-RIGHT": ("F-DEC", "F-RECON", "F-COURT-RULING"),
    "F-STILL": ("F-REJECT", "F-RECON"),
    "F-COURT": ("F-DEC", "F-REJECT", "F-RECON", "F-REJECT-LATE", "F-LATE"),
    "F-COURT-RULING": (
        *("F-DEC", "F-REJECT", "F-RECON", "F-COURT"),
        *("F-COURT-AFTER", "F-REJECT-LATE", "F-LATE"),
    ),
    "F-RIGHT-AFTER": ("F-DEC", "F-RECON", "F-COURT-RULING"),
    # Release, consent and probation.
    "F-RELEASE-NEEDS": ("F-RELEASE",),
    "F-CONSENTS": ("F-RELEASE-NEEDS",),
    "F-MEETING": ("F-RELEASE-NEEDS", "F-CONSENTS"),
    "F-FOLLOW": ("F-RELEASE-NEEDS", "F-MEETING"),
    "F-CLIENT-PACKAGE": ("F-CLIENT-SHARE", "F-RELEASE-NEEDS"),
    "F-PARTNER-ANSWER": ("F-CLIENT-SHARE", "F-CLIENT-PACKAGE"),
    "F-CLIENT-STOP": ("F-CLIENT-SHARE", "F-CLIENT-PACKAGE", "F-WITHDRAW"),
    "F-PARTNERS-TOLD": ("F-WITHDRAW", "F-CLIENT-PACKAGE"),
    "F-FIRST": ("F-RELEASE", "F-PROBATION", "F-MEETING"),
    "F-SUPPLAN": ("F-RELEASE-NEEDS", "F-MEETING", "F-FIRST", "F-SUPREV"),
    "F-CONTACT": ("F-SUPPLAN",),
    "F-SUPREV": ("F-SUPPLAN", "F-CONTACT"),
    "F-CLOSING": ("F-SUPPLAN", "F-SUPREV"),
    "F-BREACH-HEAR": ("F-BREACH",),
    "F-BREACH-DEC": ("F-BREACH", "F-BREACH-HEAR", "F-SUPPLAN"),
    "F-BOARD": ("F-BREACH", "F-BREACH-HEAR", "F-BREACH-DEC"),
    "F-EXC-CHECK": ("F-EXCEPTION",),
}
