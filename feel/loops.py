"""What runs more than once: for, some, every, filters and functions written in FEEL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from feel import nodes as n
from feel.errors import EvaluationError
from feel.limits import MAX_LIST
from feel.values import NUMBERS, Frame, Range, bounded_list, whole

if TYPE_CHECKING:
    from feel.compiling import Compiler

Run = Callable[[Frame], Any]
_Source = tuple[int, Run, "Run | None"]


def loop(compiler: Compiler, node: n.Loop) -> Run:
    """The closure of for, some and every."""
    sources: list[_Source] = []
    before = len(compiler.sight)
    for iterator in node.iterators:
        source = compiler.compile(iterator.source)
        end = compiler.compile(iterator.end) if iterator.end is not None else None
        slot = compiler.slot()
        sources.append((slot, source, end))
        compiler.sight.append((iterator.name, slot))
    partial = compiler.slot()
    if node.word == "for":
        compiler.sight.append(("partial", partial))
    body, weight = compiler.weigh(node.body)
    del compiler.sight[before:]
    if node.word == "for":
        return _for(sources, body, weight, partial if partial in compiler.read else None)
    return _quantified(sources, body, weight, decisive=node.word == "some")


def _for(sources: list[_Source], body: Run, weight: int, partial: int | None) -> Run:
    def run(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        for known in _rounds(sources, 0, frame):
            if not known:
                return None
            frame.spend(weight)
            if partial is not None:
                frame.spend(len(results))
                frame.locals[partial] = results.copy()
            results.append(body(frame))
            if len(results) > MAX_LIST:
                bounded_list(results)
        return results

    return run


def _quantified(sources: list[_Source], body: Run, weight: int, *, decisive: bool) -> Run:
    def run(frame: Frame) -> bool | None:
        answer: bool | None = not decisive
        for known in _rounds(sources, 0, frame):
            if not known:
                return None
            frame.spend(weight)
            value: bool | None = body(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return answer

    return run


def _rounds(sources: list[_Source], at: int, frame: Frame) -> Iterator[bool]:
    """Sets the loop variables to one combination after the other; False if one has no items."""
    if at == len(sources):
        yield True
        return
    slot, source, end = sources[at]
    items = _items(source(frame), end, frame)
    if items is None:
        yield False
        return
    for item in items:
        frame.spend(1)
        frame.locals[slot] = item
        yield from _rounds(sources, at + 1, frame)


def _items(source: Any, end: Run | None, frame: Frame) -> Any:
    return span(source) if end is None else _between(source, end(frame))


def span(source: Any) -> Any:
    """What a loop walks over: the items of a list or range, or a single value; None of null."""
    if isinstance(source, Range):
        first = source.start if source.start_included else _step(source.start, 1)
        return _between(first, source.end if source.end_included else _step(source.end, -1))
    if isinstance(source, list):
        return source
    return None if source is None else [source]


def _step(value: Any, by: int) -> Any:
    if type(value) is date:
        return value + timedelta(days=by)
    return NUMBERS.add(value, Decimal(by)) if isinstance(value, Decimal) else None


def _between(start: Any, end: Any) -> Any:
    """Whole numbers, or days, from start to end, upwards or downwards."""
    if type(start) is date and type(end) is date:
        by = 1 if end >= start else -1
        days = range(0, (end - start).days + by, by)
        return (start + timedelta(days=offset) for offset in bounded_list(days))
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = whole(start), whole(end)
        if first is not None and last is not None:
            by = 1 if last >= first else -1
            return map(Decimal, bounded_list(range(first, last + by, by)))
        raise EvaluationError("A loop counts in whole numbers of at most nine digits.")
    return None


def filtered(compiler: Compiler, node: n.Filter) -> Run:
    """The closure of `list[condition]`; a number picks the item at that place."""
    of, slot = compiler.compile(node.of), compiler.slot()
    with compiler.seeing(("item", slot), (None, slot)):
        condition, weight = compiler.weigh(node.condition)
    place = _constant_place(node.condition)
    if place is not None:
        return lambda frame: _at(_as_list(of(frame)), place)

    def run(frame: Frame) -> Any:
        items, kept = _as_list(of(frame)), []
        for item in items:
            frame.spend(weight)
            frame.locals[slot] = item
            value = condition(frame)
            if value is True:
                kept.append(item)
            elif isinstance(value, Decimal):
                return _at(items, value)
        return kept

    return run


def _constant_place(condition: n.Node) -> Decimal | None:
    if isinstance(condition, n.Literal) and isinstance(condition.value, Decimal):
        return condition.value
    if isinstance(condition, n.Negation):
        inner = _constant_place(condition.operand)
        return None if inner is None else -inner
    return None


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _at(items: list[Any], place: Decimal) -> Any:
    index = whole(place)
    if index is None or index == 0 or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]
