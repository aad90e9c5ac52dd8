"""Security measures of one person in a unit: each for a month at most, each ends if not renewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework import grid_rules
from casework.hooks import Submitted, hook
from casework.measures import deciding, force, standing
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from casework.supervision.programme import today_of
from casework.tables import Decision
from processes.ports import Code

KIND = "unit_security"


@hook("F-QPR-SAFE")
def fix(submitted: Submitted) -> Mapping[str, Code]:
    """Those that are named run to their own last day; those that are not named end today
    [code pénitentiaire, R. 224-16]."""
    named = [part for part in submitted.answers.get("measures") or () if isinstance(part, Mapping)]
    asked = (submitted.platform, submitted.session, submitted.acting)
    codes = {str(part.get("measure") or "") for part in named}
    before = standing.in_force(submitted.session, submitted.case.id, KIND)
    force.end(*asked, [row for row in before if row.code not in codes], "ended")
    force.end(*asked, [row for row in before if row.code in codes], "replaced")
    decision = _written(submitted, named)
    for part in named:
        row = deciding.add(submitted.session, submitted.acting, decision, str(part["measure"]))
        row.expires_on = grid_rules.day_of(part.get("until"))
        force.enter(*asked, submitted.case, row)
    return {}


def _written(submitted: Submitted, named: list[Mapping[str, Any]]) -> Decision:
    ends = [grid_rules.day_of(part.get("until")) for part in named]
    last = max((day for day in ends if day is not None), default=None)
    signed = Signed(
        KIND,
        "decided" if named else "no_measure",
        submitted.task.id,
        Signature(submitted.task.role),
        None,
        effective_on=today_of(submitted) if named else None,
        expires_on=last,
    )
    return deciding.write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        signed,
    )
