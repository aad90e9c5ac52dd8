"""What the forms of an evaluation must keep to beside their own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casework.evaluation import team, terms
from casework.grid_rules import Finding, day_of
from casework.material import Looking
from casework.measures import standing
from casework.units import arriving, stays

if TYPE_CHECKING:
    from forms import FormDefinition

WITHOUT_VIOLENCE = frozenset(
    {"ordinary_no_followup", "ordinary_with_followup", "health_route", "inconclusive"}
)
"""What can be recommended although fewer than two assessed violence."""


def findings(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> list[Finding]:
    """What stands against the answers, at which question."""
    rule = {
        team.TEAM: team.findings,
        "F-ADMIT": _admission,
        "F-QPR-IN": _reception,
        "F-EXTEND": _extension,
        "F-SYN": _synthesis,
    }.get(definition.id)
    return rule(looking, answers) if rule else []


def _admission(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """“Not now” is looked at again within three months [domain.md FR-2, exceptions]."""
    words = arriving.still_elsewhere(looking, [stays.QER])
    if words and answers.get("admission") == "admitted":
        return [("admission", words)]
    day = day_of(answers.get("recheck_on"))
    latest = terms.after(looking.session, looking.case, looking.viewer.on, terms.RECHECK)
    if answers.get("admission") != "not_now" or day is None or latest is None or day <= latest:
        return []
    say = looking.speaking.say
    return [
        ("recheck_on", say("Choose a day no later than {day}.", day=looking.speaking.day(latest)))
    ]


def _reception(looking: Looking, _answers: Mapping[str, Any]) -> list[Finding]:
    words = arriving.still_elsewhere(looking, stays.KINDS[1:])
    return [("came_on", words)] if words else []


def _extension(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """One extension, four weeks at most, within seventeen in all [domain.md 7.9]."""
    if answers.get("extension") != "granted":
        return []
    say, speaking = looking.speaking.say, looking.speaking
    running = standing.in_force(looking.session, looking.case.id, stays.QER)
    last = running[-1].expires_on if running else None
    if last is None:
        return [("extension", say("The stay has ended, so it cannot be made longer."))]
    day = day_of(answers.get("extend_until"))
    latest = terms.latest_extension(looking.session, looking.case, running[-1].effective_on, last)
    if day is None:
        return []
    if day <= last:
        words = say("The new day must come after {day}, the last day now.", day=speaking.day(last))
        return [("extend_until", words)]
    if latest is not None and day > latest:
        words = say(
            "An evaluation is made longer once, by four weeks at most and to seventeen in all:"
            " until {day}.",
            day=speaking.day(latest),
        )
        return [("extend_until", words)]
    return []


def _synthesis(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """Where fewer than two assessed violence, nothing that rests on it can be recommended."""
    wanted = answers.get("qer_recommendation")
    if not wanted or wanted in WITHOUT_VIOLENCE:
        return []
    unread = replace(looking.acting, user_id=None)
    given = team.given(looking.platform, looking.session, unread, looking.case.id)
    if len(team.violence_assessed(given)) >= team.AT_LEAST:
        return []
    words = looking.speaking.say(
        "Fewer than two assessed violence, so this cannot be recommended. Say that it cannot be"
        " said, or recommend what does not rest on it."
    )
    return [("qer_recommendation", words)]
