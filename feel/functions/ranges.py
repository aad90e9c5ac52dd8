"""Built-in functions that place values and ranges before, in and after each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from feel import operations as op
from feel.signatures import Functions
from feel.values import Frame, Range

FUNCTIONS = Functions()
_Test = TypeVar("_Test", bound=Callable[..., bool | None])


def _add(name: str, first: str, second: str) -> Callable[[_Test], _Test]:
    return FUNCTIONS.add(name, f"{first}, {second}")


def _range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _known(*ends: Any) -> bool:
    return all(end is not None for end in ends)


@_add("before", "point1:any", "point2:any")
def before(frame: Frame, first: Any, second: Any) -> bool | None:
    """Whether the first ends before the second begins."""
    a, b = _range(first), _range(second)
    if not _known(a.end, b.start):
        return None
    touching = a.end_included and b.start_included
    return (op.less if touching else op.at_most)(a.end, b.start, frame)


@_add("after", "point1:any", "point2:any")
def after(frame: Frame, first: Any, second: Any) -> bool | None:
    """Whether the first begins after the second ends."""
    return before(frame, second, first)


@_add("meets", "range1:range", "range2:range")
def meets(frame: Frame, a: Range, b: Range) -> bool | None:
    """Whether the first ends exactly where the second begins."""
    if not _known(a.end, b.start):
        return None
    return _both(a.end_included and b.start_included, op.equal(a.end, b.start, frame))


@_add("met by", "range1:range", "range2:range")
def met_by(frame: Frame, a: Range, b: Range) -> bool | None:
    """Whether the first begins exactly where the second ends."""
    return meets(frame, b, a)


@_add("overlaps", "range1:range", "range2:range")
def overlaps(frame: Frame, a: Range, b: Range) -> bool | None:
    """Whether the two share a point."""
    apart = before(frame, a, b), before(frame, b, a)
    if True in apart:
        return False
    return None if None in apart else True


@_add("overlaps before", "range1:range", "range2:range")
def overlaps_before(frame: Frame, a: Range, b: Range) -> bool | None:
    """Whether the first begins earlier, and ends within the second."""
    begins = _begins_first(frame, a, b)
    return _both(_both(begins, overlaps(frame, a, b)), _ends_no_later(frame, a, b))


@_add("overlaps after", "range1:range", "range2:range")
def overlaps_after(frame: Frame, a: Range, b: Range) -> bool | None:
    """Whether the first begins within the second, and ends later."""
    ends = _ends_no_later(frame, a, b)
    begins = _begins_first(frame, a, b)
    later = None if ends is None else not ends
    not_first = None if begins is None else not begins
    return _both(_both(later, overlaps(frame, a, b)), not_first)


def _begins_first(frame: Frame, a: Range, b: Range) -> bool | None:
    if op.equal(a.start, b.start, frame):
        return a.start_included and not b.start_included
    return op.less(a.start, b.start, frame)


def _ends_no_later(frame: Frame, a: Range, b: Range) -> bool | None:
    if op.equal(a.end, b.end, frame):
        return b.end_included or not a.end_included
    return op.less(a.end, b.end, frame)


@_add("finishes", "point:any", "range:range")
def finishes(frame: Frame, first: Any, b: Range) -> bool | None:
    """Whether the first is, or reaches, the end of the range."""
    if not isinstance(first, Range):
        return _both(b.end_included, op.equal(first, b.end, frame))
    same = _both(first.end_included == b.end_included, op.equal(first.end, b.end, frame))
    begins = _begins_first(frame, first, b)
    return _both(same, None if begins is None else not begins)


@_add("finished by", "range:range", "point:any")
def finished_by(frame: Frame, a: Range, second: Any) -> bool | None:
    """Whether the second is, or reaches, the end of the first."""
    return finishes(frame, second, a)


@_add("starts", "point:any", "range:range")
def starts(frame: Frame, first: Any, b: Range) -> bool | None:
    """Whether the first is, or begins at, the start of the range."""
    if not isinstance(first, Range):
        return _both(b.start_included, op.equal(first, b.start, frame))
    same = _both(first.start_included == b.start_included, op.equal(first.start, b.start, frame))
    return _both(same, _ends_no_later(frame, first, b))


@_add("started by", "range:range", "point:any")
def started_by(frame: Frame, a: Range, second: Any) -> bool | None:
    """Whether the second is, or begins at, the start of the first."""
    return starts(frame, second, a)


@_add("includes", "range:range", "point:any")
def includes(frame: Frame, a: Range, second: Any) -> bool | None:
    """Whether the range holds a point or all of another range."""
    if not isinstance(second, Range):
        return op.contains(a, second, frame)
    begins = _begins_first(frame, second, a)
    return _both(None if begins is None else not begins, _ends_no_later(frame, second, a))


@_add("during", "point:any", "range:range")
def during(frame: Frame, first: Any, b: Range) -> bool | None:
    """Whether a point or a range lies within the second."""
    return includes(frame, b, first)


@_add("coincides", "point1:any", "point2:any")
def coincides(frame: Frame, first: Any, second: Any) -> bool | None:
    """Whether two points or two ranges are the same."""
    return op.equal(first, second, frame)
