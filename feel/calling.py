"""Closures of calls: of built-in functions, and of functions written in FEEL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from feel import nodes as n
from feel.builtins import BUILTINS, call_plan
from feel.errors import EvaluationError, FeelError, UnknownName
from feel.patterns import pattern
from feel.values import Frame, Function, kind

if TYPE_CHECKING:
    from feel.compiling import Compiler

Run = Callable[[Frame], Any]

_PATTERN_CALLS = frozenset({"matches", "replace", "split"})
_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration", "number"})


def call(compiler: Compiler, node: n.Call) -> Run:
    """A function of FEEL, or one written in the expression or handed to it."""
    if node.name == "is defined":
        return _is_defined(compiler, node)
    if node.name not in BUILTINS:
        seen = any(variable == node.name for variable, _ in compiler.sight)
        if seen or node.name in compiler.functions:
            return _invoke(compiler, node)
        advice = _advice(node.name)
        raise FeelError(node.position, f"There is no function {node.name}. {advice}")
    order = call_plan(node.name, len(node.arguments), node.labels)
    if isinstance(order, str):
        raise FeelError(node.position, order)
    function = BUILTINS[node.name].run
    nothing = n.Literal(node.position, None)
    ordered = [nothing if at is None else node.arguments[at] for at in order]
    arguments = [compiler.compile(argument) for argument in ordered]
    if node.name in _PATTERN_CALLS:
        _check_pattern(ordered[1])
    if node.name in _LITERAL_CALLS and all(isinstance(a, n.Literal) for a in ordered):
        return _constant(node, function, [a(Frame({}, 0)) for a in arguments])
    return _builtin_call(function, arguments)


def _check_pattern(written: n.Node) -> None:
    """A pattern that is written out is refused at once, not when it is first used."""
    if isinstance(written, n.Literal) and isinstance(written.value, str):
        try:
            pattern(written.value, "")
        except EvaluationError as error:
            raise FeelError(written.position, error.words) from None


def _constant(node: n.Call, function: Callable[..., Any], given: list[Any]) -> Run:
    value = function(Frame({}, 0), *given)
    if value is None and None not in given:
        shown = ", ".join(f'"{v}"' if isinstance(v, str) else str(v) for v in given)
        raise FeelError(node.position, f"{shown} makes no {node.name}.")
    return lambda _: value


def _invoke(compiler: Compiler, node: n.Call) -> Run:
    function = compiler.name(n.Name(node.position, node.name))
    arguments = [compiler.compile(argument) for argument in node.arguments]
    labels, name = node.labels, node.name
    return lambda frame: invoke(
        function(frame), [argument(frame) for argument in arguments], labels, name, frame
    )


def application(compiler: Compiler, node: n.Application) -> Run:
    """A function that is the value of an expression."""
    function = compiler.compile(node.function)
    arguments = [compiler.compile(argument) for argument in node.arguments]
    labels = node.labels
    name = node.function.key if isinstance(node.function, n.Path) else "What is called"
    return lambda frame: invoke(
        function(frame), [argument(frame) for argument in arguments], labels, name, frame
    )


def _is_defined(compiler: Compiler, node: n.Call) -> Run:
    if len(node.arguments) != 1:
        raise FeelError(node.position, "is defined asks for one name: is defined(name).")
    asked, known = node.arguments[0], set(compiler.names)
    run = compiler.compile(asked)
    if not isinstance(asked, n.Name | n.Path):
        raise FeelError(node.position, "is defined asks for a name: is defined(case.adult).")
    compiler.names = known  # asking is no use of the name

    def is_defined(frame: Frame) -> bool:
        try:
            run(frame)
        except UnknownName:
            return False
        return True

    return is_defined


def function_of(compiler: Compiler, node: n.FunctionOf) -> Run:
    """A function of the expression's own."""
    places = [(name, compiler.slot()) for name in node.parameters]
    with compiler.seeing(*places):
        body, weight = compiler.weigh(node.body)
    slots = [slot for _, slot in places]

    def function(frame: Frame) -> Function:
        captured = frame.locals.copy()

        def run(caller: Frame, arguments: list[Any]) -> Any:
            caller.spend(weight)
            inner = caller.enter(captured, frame.names)
            for slot, argument in zip(slots, arguments, strict=True):
                inner.locals[slot] = argument
            return body(inner)

        return Function(node.parameters, run)

    return function


def _builtin_call(function: Callable[..., Any], arguments: list[Run]) -> Run:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda frame: frame.made(function(frame, only(frame)))
    return lambda frame: frame.made(function(frame, *[argument(frame) for argument in arguments]))


def _advice(name: str) -> str:
    if name in ("today", "now"):
        return "Expressions do not read the clock: use a date variable or a timer."
    return "Look for its name in the list of functions, or write it out."


def invoke(
    function: Any, arguments: list[Any], labels: tuple[str, ...] | None, name: str, frame: Frame
) -> Any:
    """The result of a function that is a value."""
    if not isinstance(function, Function):
        raise EvaluationError(f"{name} is a {kind(function)}, not a function: it cannot be called.")
    parameters = function.parameters
    if len(arguments) != len(parameters) or (labels and set(labels) != set(parameters)):
        raise EvaluationError(f"{name} asks for ({', '.join(parameters)}).")
    if labels:
        named = dict(zip(labels, arguments, strict=True))
        arguments = [named[parameter] for parameter in parameters]
    return function.run(frame, arguments)
