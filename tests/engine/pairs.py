"""Pairs of versions: a random block model, and the same with some changes and other names."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.engine import blocks as b

DERIVED = ("", "_join", "_end", "_oops", "_in", "_again", "_S")
MOST_BRANCHES = 4


@dataclass
class Place:
    """Where a block hangs: what is read or put there, and what may be put."""

    get: Callable[[], b.Block]
    put: Callable[[b.Block], None]
    simple: bool
    """Whether this may run twice beside itself."""
    guarded: bool = False
    needed: bool = False
    """Whether a loop would run without anybody if it were gone."""


@dataclass
class Pair:
    """The later version, and what was told of the renamed elements."""

    top: b.Block
    mapping: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)


def changed(top: b.Block, random: Random, changes: int) -> Pair:
    """A later version of a model."""
    maker = _Changing(random, Pair(copy.deepcopy(top)))
    for _ in range(changes):
        maker.change()
    return maker.pair


@dataclass
class _Changing:
    random: Random
    pair: Pair
    number: int = 0

    def fresh(self) -> str:
        self.number += 1
        return f"N{self.number}"

    def change(self) -> None:
        kinds = [
            self.rename, self.rename, self.insert, self.insert, self.insert, self.remove,
            self.remove, self.branch, self.guard, self.unguard, self.wrap, self.unwrap,
            self.swap, self.alter, self.forget, self.surround,
        ]  # fmt: skip
        kind = self.random.choice(kinds)
        told = kind()
        self.pair.changes.append(f"{kind.__name__} {told}")

    def places(self) -> list[Place]:
        return list(_places(self.pair.top, simple=False))

    def pick(self, allowed: Callable[[Place], bool]) -> Place | None:
        found = [place for place in self.places() if allowed(place)]
        return self.random.choice(found) if found else None

    def rename(self, *, told: bool = True) -> str:
        named = [block for block in _all(self.pair.top) if block.id not in {"", "top", "begin"}]
        if not named:
            return ""
        block = self.random.choice(named)
        before, block.id = block.id, f"{self.fresh()}_{block.id}"
        if told:
            for old, new in list(self.pair.mapping.items()):
                for suffix in DERIVED:  # renamed once more
                    if new == f"{before}{suffix}":
                        self.pair.mapping[old] = f"{block.id}{suffix}"
            for suffix in DERIVED:
                self.pair.mapping.setdefault(f"{before}{suffix}", f"{block.id}{suffix}")
            called = {old: new for old, new in self.pair.mapping.items() if new == before}
            self.pair.mapping[f"called_{before}"] = f"called_{block.id}"
            for old in called:
                self.pair.mapping[f"called_{old}"] = f"called_{block.id}"
            for old, new in list(self.pair.mapping.items()):
                if new == f"called_{before}":
                    self.pair.mapping[old] = f"called_{block.id}"
        return f"{before} to {block.id}"

    def forget(self) -> str:
        """Renamed, and nobody says so."""
        return self.rename(told=False) if self.random.random() < 0.3 else ""

    def insert(self) -> str:
        place = self.pick(lambda place: not place.guarded)
        if place is None:
            return ""
        task, block = b.Task(self.fresh()), place.get()
        before = self.random.random() < 0.5
        place.put(b.Sequence("", [task, block] if before else [block, task]))
        return f"{task.id} {'before' if before else 'after'} {block.id}"

    def remove(self) -> str:
        place = self.pick(lambda place: not (place.guarded or place.needed))
        if place is None:
            return ""
        gone = place.get()
        place.put(b.Sequence("", []))
        return gone.id

    def branch(self) -> str:
        gates = [
            block
            for block in _all(self.pair.top)
            if isinstance(block, b.Gate) and len(block.branches) < MOST_BRANCHES
        ]
        if not gates:
            return ""
        gate, task = self.random.choice(gates), b.Task(self.fresh())
        gate.branches.insert(self.random.randrange(len(gate.branches)), task)
        return f"{task.id} at {gate.id}"

    def guard(self) -> str:
        place = self.pick(
            lambda place: (
                not place.guarded
                and not place.simple
                and isinstance(place.get(), (b.Task, b.Inside))
                and not getattr(place.get(), "error_flag", None)
                and place.get().id != "begin"
            )
        )
        if place is None:
            return ""
        host, handler = place.get(), b.Task(self.fresh())
        kind = self.random.choice(["timer", "message"])
        cuts = self.random.random() < 0.5
        place.put(b.Guarded(self.fresh(), host, kind, cuts, handler, served=False))
        return host.id

    def unguard(self) -> str:
        place = self.pick(lambda place: isinstance(place.get(), b.Guarded))
        if place is None:
            return ""
        guarded = place.get()
        assert isinstance(guarded, b.Guarded)
        place.put(guarded.inner)
        return guarded.id

    def wrap(self) -> str:
        """Something is to be done at the same time from now on."""
        place = self.pick(lambda place: not (place.guarded or place.simple))
        if place is None or place.get().id in {"top", "begin"}:
            return ""
        block = place.get()
        kind = self.random.choice(["parallel", "inclusive", "exclusive"])
        place.put(b.Gate(self.fresh(), kind, [block, b.Task(self.fresh())]))
        return f"{block.id} {kind}"

    def unwrap(self) -> str:
        """What was done at the same time is done in turn from now on."""
        place = self.pick(lambda place: isinstance(place.get(), b.Gate))
        if place is None:
            return ""
        gate = place.get()
        assert isinstance(gate, b.Gate)
        place.put(b.Sequence("", list(gate.branches)))
        return gate.id

    def swap(self) -> str:
        rows = [
            block
            for block in _all(self.pair.top)
            if isinstance(block, b.Sequence) and len(block.parts) > 1 and block.id != "top"
        ]
        if not rows:
            return ""
        row = self.random.choice(rows)
        row.parts.reverse()
        return ", ".join(part.id for part in row.parts)

    def alter(self) -> str:
        """A step becomes one of another kind."""
        block = self.random.choice(list(_all(self.pair.top)))
        if isinstance(block, b.Each):
            block.sequential = not block.sequential
        elif isinstance(block, (b.Wait, b.Guarded)) and block.kind != "served":
            block.kind = "timer" if block.kind == "message" else "message"
        elif isinstance(block, b.Inside):
            block.called = not block.called
        else:
            return ""
        return block.id

    def surround(self) -> str:
        """A part is drawn around something."""
        place = self.pick(lambda place: not (place.guarded or place.simple))
        if place is None or place.get().id in {"top", "begin"}:
            return ""
        block = place.get()
        place.put(b.Inside(self.fresh(), self.random.random() < 0.5, block))
        return block.id


def _all(block: b.Block) -> Iterator[b.Block]:
    yield block
    if isinstance(block, b.Race):
        yield from block.events
    for place in _children(block, simple=False):
        yield from _all(place.get())


def _places(block: b.Block, *, simple: bool) -> Iterator[Place]:
    for place in _children(block, simple=simple):
        yield place
        yield from _places(place.get(), simple=place.simple)


def _children(block: b.Block, *, simple: bool) -> Iterator[Place]:
    yield from _in_lists(block, simple=simple)
    if isinstance(block, b.Guarded):
        yield _in_field(block, "inner", simple=simple, guarded=True)
        yield _in_field(block, "handler", simple=simple or not block.interrupting)
    elif isinstance(block, b.Inside):
        yield _in_field(block, "body", simple=False)
        if block.handler is not None:
            yield _in_field(block, "handler", simple=simple)


def _in_lists(block: b.Block, *, simple: bool) -> Iterator[Place]:
    parts: list[b.Block] = []
    if isinstance(block, b.Sequence):
        parts = block.parts
    elif isinstance(block, (b.Gate, b.Race)):
        parts = block.branches
    elif isinstance(block, b.Loop) and isinstance(block.body, b.Sequence):
        parts = block.body.parts
    for index in range(len(parts)):
        needed = block.id == "top" or (isinstance(block, b.Loop) and index == 0)
        yield _in_list(parts, index, simple=simple, needed=needed)


def _in_list(parts: list[b.Block], index: int, *, simple: bool, needed: bool = False) -> Place:
    def put(block: b.Block) -> None:
        parts[index] = block

    return Place(lambda: parts[index], put, simple, needed=needed)


def _in_field(block: b.Block, name: str, *, simple: bool, guarded: bool = False) -> Place:
    def get() -> b.Block:
        found: b.Block = getattr(block, name)
        return found

    return Place(get, lambda new: setattr(block, name, new), simple, guarded)
