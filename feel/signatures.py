"""How a built-in function says what it asks for, and is called only with that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from feel.values import Frame, kind

_Run = TypeVar("_Run", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the kind it takes (or any), and whether it may be left out."""

    name: str
    kind: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of FEEL, with one list of parameters per way to call it."""

    name: str
    forms: tuple[tuple[Parameter, ...], ...]
    variadic: bool
    run: Callable[..., Any]

    def plan(self, count: int, labels: tuple[str, ...] | None) -> list[int | None] | str:
        """Which argument goes to which parameter, or words on what is wrong."""
        if labels is not None:
            return self._named(labels)
        if self.variadic and count >= 1:
            return list(range(count))
        for form in self.forms:
            if sum(not p.optional for p in form) <= count <= len(form):
                return [*range(count)]
        return f"{self.name} is called {self.usage()}, not with {count} arguments."

    def _named(self, labels: tuple[str, ...]) -> list[int | None] | str:
        for form in self.forms:
            known = {parameter.name for parameter in form}
            needed = {parameter.name for parameter in form if not parameter.optional}
            if needed <= set(labels) <= known:
                places = [labels.index(p.name) if p.name in labels else None for p in form]
                while places and places[-1] is None:
                    places.pop()
                return places
        return f"{self.name} has no arguments of these names: it is called {self.usage()}."

    def usage(self) -> str:
        """How to write a call."""
        ways = []
        for form in self.forms:
            shown = [f"{p.name}?" if p.optional else p.name for p in form]
            ways.append(f"{self.name}({', '.join(shown)}{', ...' if self.variadic else ''})")
        return " or ".join(ways)


class Functions:
    """A collection of built-in functions that modules add to."""

    def __init__(self) -> None:
        self.all: dict[str, Builtin] = {}

    def add(
        self, name: str, *forms: str, variadic: bool = False, unwrap: bool = True
    ) -> Callable[[_Run], _Run]:
        """Register under a name; a form is `parameter:kind, parameter:kind?`.

        A variadic function takes its items written out, or (`unwrap`) as one list.
        """

        def register(function: _Run) -> _Run:
            parsed = tuple(_form(form) for form in forms)
            run = _variadic(function, unwrap) if variadic else _checked(function, parsed)
            self.all[name] = Builtin(name, parsed, variadic, run)
            return function

        return register


def _form(text: str) -> tuple[Parameter, ...]:
    parameters = []
    for part in filter(None, text.split(", ")):
        name, _, wanted = part.partition(":")
        parameters.append(Parameter(name, wanted.rstrip("?") or "any", wanted.endswith("?")))
    return tuple(parameters)


def _checked(
    function: Callable[..., Any], forms: tuple[tuple[Parameter, ...], ...]
) -> Callable[..., Any]:
    """Null, as FEEL has it, when an argument is of the wrong kind; a single value is a list."""

    def run(frame: Frame, *given: Any) -> Any:
        for form in forms:
            arguments = _fit(form, given)
            if arguments is not None:
                _pay(frame, given)
                return function(frame, *arguments)
        return None

    return run


def _pay(frame: Frame, given: tuple[Any, ...]) -> None:
    """Long texts and lists cost more than one step to work on."""
    for value in given:
        if isinstance(value, str | list) and len(value) > 20:
            frame.spend(len(value) // 20)


def _fit(form: tuple[Parameter, ...], given: tuple[Any, ...]) -> list[Any] | None:
    if not sum(not p.optional for p in form) <= len(given) <= len(form):
        return None
    arguments: list[Any] = []
    for parameter, value in zip(form, given, strict=False):
        if parameter.kind == "any" or kind(value) == parameter.kind:
            arguments.append(value)
        elif value is None and parameter.optional:
            arguments.append(None)
        elif parameter.kind == "list" and value is not None:
            arguments.append([value])
        else:
            return None
    return arguments


def _variadic(function: Callable[..., Any], unwrap: bool) -> Callable[..., Any]:
    def run(frame: Frame, *given: Any) -> Any:
        is_list = unwrap and len(given) == 1 and isinstance(given[0], list)
        items = given[0] if is_list else list(given)
        frame.spend(len(items))
        return function(frame, items)

    return run
