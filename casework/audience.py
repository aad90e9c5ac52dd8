"""Who will read what is about to be written: said before it is sent."""

from __future__ import annotations

from collections.abc import Iterable

from casework import access_policy as policy
from casework.access_policy import Audience


def who_will_see(
    layers: Iterable[str], form: str, roles: Iterable[str], steps: policy.Steps | None = None
) -> tuple[Audience, ...]:
    """Which of these roles will read answers of these layers given on this form, and when.

    Made from the table that `access.may_read_entry` asks. `steps` names the forms of a role's
    steps: with clerical steps alone it is not among the readers of what they do not open.
    """
    asked, in_round = frozenset(layers), form in policy.RATING_FORMS
    audiences = []
    for role in sorted(set(roles)):
        if not policy.covers_form(role, form, in_round):
            continue
        standing = asked & policy.standing_layers(role)
        with_task = policy.layers_with_step(role, asked, form, steps) - standing
        if standing:
            audiences.append(Audience(role, standing, policy.ALWAYS))
        if with_task:
            audiences.append(Audience(role, with_task, policy.WITH_TASK))
    return tuple(audiences)
