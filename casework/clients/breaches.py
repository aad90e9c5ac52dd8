"""Decisions on a breach of supervision, as rows: by the office, or by the supervision board."""

from __future__ import annotations

from collections.abc import Mapping

from casework.hooks import Submitted, hook
from casework.measures import deciding
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from processes.ports import Code

KIND = "breach"


@hook("F-BREACH-DEC")
def by_the_office(submitted: Submitted) -> Mapping[str, Code]:
    """The head decides; what only the board may decide is no decision yet."""
    outcome = str(submitted.answers.get("breach_outcome") or "")
    if outcome != "board":
        _write(submitted, outcome)
    return {}


@hook("F-BOARD")
def by_the_board(submitted: Submitted) -> Mapping[str, Code]:
    """The board decides."""
    _write(submitted, str(submitted.answers.get("board_outcome") or ""))
    return {}


def _write(submitted: Submitted, outcome: str) -> None:
    deciding.write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(KIND, outcome, submitted.task.id, Signature(submitted.task.role), None),
    )
