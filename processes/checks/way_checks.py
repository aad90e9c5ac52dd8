"""Checks that from every choice a way leads on, whatever the answers are, and that none is idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feel import FeelError, compile_expression
from processes.checks.answers import MOST, Answers, Values, are_too_many, each, holds, possible
from processes.checks.literals import compared_texts
from processes.checks.reaching import CHOOSING, arriving
from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Element, Flow, Problem
from processes.engine.values import Code

_ALWAYS = "true"
_TOLD = 5

Held = tuple[tuple[str, Code], ...]


def choices_are_covered(subject: Subject) -> Iterator[Problem]:
    """Each answer that can be given leads somewhere, and each condition can go both ways."""
    for process in subject.processes.values():
        known = arriving(subject, process)
        for gateway in process.elements.values():
            ways = [flow for flow in process.flows.values() if flow.source == gateway.id]
            if gateway.kind in CHOOSING and len(ways) > 1:
                for flow in ways:
                    yield from _idle(subject, gateway, flow)
                if gateway.id in known:
                    yield from _uncovered(subject, gateway, ways, known[gateway.id])


def exceptions_can_be_read(subject: Subject) -> Iterator[Problem]:
    """What a gateway says can never come is a readable condition."""
    for element in subject.elements():
        text = element.attributes.get("never")
        if text is not None:
            try:
                compile_expression(text)
            except FeelError as error:
                yield at(
                    subject, element, f"sv:never “{text}” cannot be read: {error}",
                    "Write in FEEL which answers cannot come together there.",
                )  # fmt: skip


def _idle(subject: Subject, gateway: Element, flow: Flow) -> Iterator[Problem]:
    """A condition that decides nothing. “true” drawn beside others is meant: always this too."""
    text = flow.condition
    if not text or flow.is_default or (gateway.kind == "inclusiveGateway" and text == _ALWAYS):
        return
    try:
        values = possible(subject.declared, [text], {})
    except LookupError:
        return
    if are_too_many(values) or _names_no_code(subject, text):
        return
    held = {holds(text, given) for given in each(values)}
    if held == {True}:
        yield at(
            subject, flow, f"The condition “{text}” is always true: it decides nothing.",
            "Correct it, or mark this way as the default.",
        )  # fmt: skip
    elif held == {False}:
        yield at(
            subject, flow, f"The condition “{text}” can never be true: nobody goes this way.",
            "Correct it, or remove the way.",
        )  # fmt: skip


def _names_no_code(subject: Subject, text: str) -> bool:
    """A code that does not exist is told by itself."""
    pairs = [(subject.declared.codes(name), code) for name, code in compared_texts(text)]
    return any(codes is not None and code not in codes for codes, code in pairs)


def _uncovered(
    subject: Subject, gateway: Element, ways: list[Flow], known: Values
) -> Iterator[Problem]:
    """Answers after which the case would stand still, told in as few variables as say it."""
    texts = [flow.condition for flow in ways if flow.condition]
    if len(texts) < len(ways) or any(flow.is_default for flow in ways):
        return
    try:
        values = possible(subject.declared, texts, known)
    except LookupError:
        return
    if are_too_many(values):
        yield at(
            subject, gateway, f"{called_name(gateway)} asks for more than {MOST} combinations of "
            "answers: whether a way leads on from each was not tried.",
            "Mark one way as the default, or ask in two steps.", "warning",
        )  # fmt: skip
        return
    never = gateway.attributes.get("never", "false")
    still = [
        given
        for given in each(values)
        if not any(holds(text, given) for text in texts) and not _is_barred(never, given)
    ]
    for held in _shortened(still, values)[:_TOLD]:
        when = " and ".join(f"{name} is {_said(value)}" for name, value in held)
        yield at(
            subject, gateway, f"When {when}, no way leads on from {called_name(gateway)}."
            if when else f"No way ever leads on from {called_name(gateway)}.",
            "Add this answer to a condition, or mark one way as the default; if it cannot come "
            "there, say so in sv:never.",
        )  # fmt: skip


def _is_barred(never: str, given: Answers) -> bool:
    try:
        return holds(never, given)
    except FeelError:
        return False


def _shortened(still: list[Answers], values: Mapping[str, list[Code]]) -> list[Held]:
    """Without the variables that make no difference: what is left, each once."""
    stuck = {tuple(given.items()) for given in still}
    found: dict[Held, None] = {}
    for given in still:
        held = dict(given)
        for name in values:
            fewer = {other: value for other, value in held.items() if other != name}
            free = {key: [fewer[key]] if key in fewer else values[key] for key in values}
            if all(tuple(any_of.items()) in stuck for any_of in each(free)):
                held = fewer
        found.setdefault(tuple(held.items()))
    return list(found)


def _said(value: Code) -> str:
    return str(value).lower() if isinstance(value, bool) else f"“{value}”"


CHECKS: tuple[Check, ...] = (choices_are_covered, exceptions_can_be_read)
