"""Carries a stored state over to another version of its model, or says why it cannot be.

The state is taken as it is: tokens, variables, ids and moments stay to the letter. Only the names
of the shapes at which something stands are exchanged. What is past is not in the state and does not
matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from processes.engine.beside import differing, standing
from processes.engine.counterparts import Counterparts
from processes.engine.gateways import SomeOf, Together, is_held
from processes.engine.kernel import BpmnProcessSpec
from processes.engine.model import Element, EngineFault, Model
from processes.engine.rules import called_name
from processes.engine.script import FeelEngine
from processes.engine.storage import fill, freeze, read
from processes.engine.tokens import LIVE, Instance, Scope, Token
from processes.engine.waits import Boundary


@dataclass(frozen=True)
class Fate:
    """What becomes of an element at which something stands."""

    element_id: str
    name: str
    to: str | None
    """The element that takes its place; None where there is none."""
    refusal: str = ""
    """Why the instance cannot be carried over, and what to do; empty where it can be."""


@dataclass(frozen=True)
class Carried:
    """The state on the new version; None where something was refused."""

    state: bytes | None
    fates: tuple[Fate, ...]

    @property
    def refused(self) -> bool:
        """Whether the instance has to stay where it is."""
        return self.state is None


def carry_over(old: Model, new: Model, state: bytes, mapping: Mapping[str, str]) -> Carried:
    """The state of an instance of `old`, on `new`; `mapping` names what was given another id."""
    carrying = _Carrying(old, new, read(state), mapping)
    carrying.carry()
    fates = tuple(carrying.fates.values())
    if any(fate.refusal for fate in fates):
        return Carried(None, fates)
    instance = _thawed(new, carrying.state)
    stuck = _moving(instance)
    if stuck is not None:
        return Carried(None, (*fates, stuck))
    return Carried(freeze(instance), fates)


class _Carrying:
    """One state on its way."""

    def __init__(
        self, old: Model, new: Model, state: dict[str, Any], mapping: Mapping[str, str]
    ) -> None:
        if state["model"] != old.digest:
            raise EngineFault(None, "The instance runs by another version of this model.")
        self.old, self.new, self.state = old, new, state
        self.pairs = Counterparts(old, new, mapping)
        self.fates: dict[str, Fate] = {}
        self._taken: dict[str, str] = {}
        self._insides: dict[int, str] = {}
        """By the token of an activity, the way in the new version that runs in it."""

    def carry(self) -> None:
        """Exchange every name; what cannot be is said in `fates`."""
        self.state["model"] = self.new.digest
        for scope in self.state["scopes"]:
            owner = scope["owner"]
            name = self.new.process_id if owner is None else self._insides.get(owner)
            if name is not None:  # else its activity was refused
                self._scope(scope, self.old.ways[scope["way"]], self.new.ways[name])

    def _scope(self, scope: dict[str, Any], old: BpmnProcessSpec, new: BpmnProcessSpec) -> None:
        before: dict[int, str] = {}
        after: dict[int, str] = {}
        elements: dict[int, Element] = {}
        for row in scope["tokens"]:
            if row[1] is None:  # the root, which stands on no diagram
                continue
            spec = old.task_specs[row[2]]
            elements[row[0]] = spec.element
            places = self._token(row, spec, new)
            if places is not None and not _stands_for_another(row, spec):
                before[row[0]], after[row[0]] = places
        scope["way"] = new.name
        if all(not self.fates[element.id].refusal for element in elements.values()):
            self._compare(old, new, before, after, elements)

    def _token(self, row: list[Any], spec: Any, new: BpmnProcessSpec) -> tuple[str, str] | None:
        """Exchange the names in one token; where it stands in the old way and in the new one."""
        element: Element = spec.element
        fate = self._fate(element, new.name)
        if fate.refusal:
            return None
        name = f"{fate.to}{spec.name[len(element.id) :]}"
        other = new.task_specs.get(name)
        if other is None or type(other) is not type(spec):
            self._refuse(element, fate.to, "is carried out in another manner in the new version")
            return None
        row[2] = name
        self._insides[row[0]] = getattr(other, "inner", "")
        via = row[5].get("via")
        if via is None:
            return spec.name, name
        arrow = self.pairs.arrow(element, self.new.elements[fate.to or ""], via)
        if arrow is None:
            words = "has been come to by a way that does not lead there in the new version"
            self._refuse(element, fate.to, words)
            return None
        row[5]["via"] = arrow
        return via, arrow

    def _fate(self, element: Element, way: str) -> Fate:
        known = self.fates.get(element.id)
        if known is None:
            to, refusal = self.pairs.judge(element, way)
            if to is not None and self._taken.setdefault(to, element.id) != element.id:
                other = called_name(self.old.elements[self._taken[to]])
                refusal = f"and {other} cannot both become {to}. Name another counterpart for one."
            known = Fate(element.id, element.name, to, _sentence(element, refusal))
            self.fates[element.id] = known
        return known

    def _refuse(self, element: Element, to: str | None, words: str) -> None:
        words = f"{words}. Wait until it is done, or draw it as it was."
        self.fates[element.id] = Fate(element.id, element.name, to, _sentence(element, words))

    def _compare(
        self,
        old: BpmnProcessSpec,
        new: BpmnProcessSpec,
        before: Mapping[int, str],
        after: Mapping[int, str],
        elements: Mapping[int, Element],
    ) -> None:
        """Refuse what would stand beside other ways than those it was begun with."""
        for token in sorted(differing(standing(old, before), standing(new, after))):
            element = elements[token]
            self._refuse(
                element,
                self.fates[element.id].to,
                "would stand among other parallel ways than it was begun in: what has to come "
                "together with it would never come, or would come twice",
            )


def _stands_for_another(row: list[Any], spec: Any) -> bool:
    """Whether a token is held by another that stands at the same activity, or is past."""
    state, triggered = row[3], row[4]
    return triggered or not state & LIVE or isinstance(spec, Boundary)


def _sentence(element: Element, words: str) -> str:
    return f"{called_name(element)} {words}" if words else ""


def _thawed(model: Model, state: dict[str, Any]) -> Instance:
    instance = Instance(model, FeelEngine(), _never, _never, {})
    fill(instance, state)
    return instance


def _moving(instance: Instance) -> Fate | None:
    """What would go on by itself in the new version, or never again; nothing should do either."""
    for scope in instance.scopes():
        held = {token.task_spec: token for token in scope.live if is_held(token)}
        if held and all(is_held(token) for token in scope.live):
            return _stuck(next(iter(held.values())), "would wait for ever: nothing else is open")
        for join, token in held.items():
            if _is_full(join, scope):
                return _stuck(token, "would be passed without anybody's doing")
    return None


def _is_full(join: Any, scope: Scope | Instance) -> bool:
    if isinstance(join, SomeOf):
        return join.try_to_fire(scope)  # the instance is thrown away
    return isinstance(join, Together) and len(join.arrivals(scope)) == len(join._inputs)


def _stuck(token: Token, words: str) -> Fate:
    element: Element = token.task_spec.element
    words = f"{words} in the new version. Wait until it is passed, or draw its ways as they were."
    return Fate(element.id, element.name, element.id, _sentence(element, words))


def _never(*_given: object) -> Any:
    raise EngineFault(None, "Nothing moves while an instance is carried over.")
