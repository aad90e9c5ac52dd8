"""The interpreter's own way to put what stands open into another version; knows no engine.

What stands open is taken out of the old model as marks, without what is past. A mark is put into
the new model where the same block stands in the same company; else `Unplaceable` says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engine import blocks as b
from tests.engine import interpreter as i


class Unplaceable(Exception):
    """What is open cannot stand in the new model."""


@dataclass
class Mark:
    """Something open, by the block it stands at."""

    block: b.Block
    going: i.Going
    parts: list[Mark | None] = field(default_factory=list)
    """The ways of a gate (None: done), or what is done in an activity."""
    beside: list[Mark] = field(default_factory=list)


def take(going: i.Going) -> Mark | None:
    """What stands open; None when nothing does."""
    if going.done:
        return None
    further = _further(going)
    if further is not None:
        return take(further)
    if isinstance(going, i.Fork):
        return Mark(going.block, going, [take(each) for each in going.going])
    if isinstance(going, i.Watched):
        return Mark(going.block, going, [take(going.now)])
    if isinstance(going, i.Within):
        return Mark(going.block, going, [take(going.main)], _beside(going.room))
    assert isinstance(going, (i.First, i.Leaf, i.Many))
    return Mark(going.block, going)


def _further(going: i.Going) -> i.Going | None:
    """What stands open in a block that itself has nothing more to say."""
    if isinstance(going, i.Line):
        return going.now
    if isinstance(going, i.Turn):
        return going.body
    if isinstance(going, i.Fork) and going.block.kind == "exclusive":
        return going.going[0]
    if isinstance(going, i.Watched) and going.block.interrupting and not going.watching:
        return going.now
    if isinstance(going, i.Within):
        return going.handler
    return going.branch if isinstance(going, i.First) else None


def transplant(whole: i.Whole, top: b.Block, mapping: Mapping[str, str]) -> i.Whole:
    """The same instance in another model."""
    placing = _Placing(mapping)
    new = i.Whole.__new__(i.Whole)
    new.room = _furnished(i.Room(dict(whole.room.values)), whole.room)
    new.main = placing.main(top, take(whole.main), new.room)
    placing.put_beside(top, _beside(whole.room), new.room)
    return new


@dataclass
class _Placing:
    mapping: Mapping[str, str]

    def of(self, name: str) -> str:
        return self.mapping.get(name, name)

    def main(self, block: b.Block, mark: Mark | None, room: i.Room) -> i.Going:
        return _done() if mark is None else self.put(block, mark, room)

    def put(self, block: b.Block, mark: Mark, room: i.Room) -> i.Going:
        if isinstance(block, b.Sequence):
            index = self.only(block.parts, mark)
            line = _bare(i.Line, room=room, ahead=block.parts[index + 1 :])
            line.now = self.put(block.parts[index], mark, room)
            return line
        putters: dict[type[b.Block], Any] = {
            b.Task: self.leaf, b.Served: self.leaf, b.Wait: self.leaf, b.Each: self.each,
            b.Gate: self.gate,
            b.Loop: self.loop, b.Guarded: self.guarded, b.Inside: self.inside, b.Race: self.race,
        }  # fmt: skip
        going: i.Going = putters[type(block)](block, mark, room)
        return going

    def only(self, among: list[b.Block], mark: Mark) -> int:
        """The one of these blocks in which all of the mark lies."""
        wanted = self.anchors(mark)
        found = [index for index, block in enumerate(among) if wanted <= set(_ids(block))]
        if len(found) != 1:
            raise Unplaceable(f"{sorted(wanted)} lie in none of these, or in several")
        return found[0]

    def anchors(self, mark: Mark) -> set[str]:
        if isinstance(mark.block, b.Gate):
            return set().union(*(self.anchors(part) for part in mark.parts if part))
        return {self.of(mark.block.id)}

    def same(self, block: b.Block, mark: Mark) -> None:
        if type(block) is not type(mark.block) or block.id != self.of(mark.block.id):
            raise Unplaceable(f"{mark.block.id} is not {block.id}")

    def leaf(self, block: b.Block, mark: Mark, room: i.Room) -> i.Going:
        self.same(block, mark)
        if isinstance(block, b.Served):
            return i.begin(block, room)
        if isinstance(block, b.Task):
            return i.Leaf(block, room)
        assert isinstance(block, b.Wait)
        assert isinstance(mark.block, b.Wait)
        served = isinstance(mark.going, i.Served)
        kinds = {kind.replace("served", "timer") for kind in (block.kind, mark.block.kind)}
        if len(kinds) > 1:
            raise Unplaceable(f"{block.id} waits for something else")
        if not served or mark.going.served:  # type: ignore[attr-defined]
            return i.Leaf(b.Wait(block.id, kinds.pop()), room)
        if block.kind != "served":
            raise Unplaceable(f"{block.id} has no effect")
        return i.Served(block, room)

    def each(self, block: b.Each, mark: Mark, room: i.Room) -> i.Going:
        self.same(block, mark)
        assert isinstance(mark.going, i.Many)
        if block.sequential != mark.going.block.sequential:  # type: ignore[attr-defined]
            raise Unplaceable(f"{block.id} is repeated otherwise")
        return _bare(i.Many, block=block, room=room, left=mark.going.left)

    def gate(self, block: b.Gate, mark: Mark, room: i.Room) -> i.Going:
        if block.kind == "exclusive":
            way = self.only(block.branches, mark)
            going = self.put(block.branches[way], mark, room)
            return _bare(i.Fork, block=block, ways=[way], going=[going])
        if not isinstance(mark.block, b.Gate) or mark.block.kind != block.kind:
            raise Unplaceable(f"{sorted(self.anchors(mark))} would be in one way of {block.id}")
        assert isinstance(mark.going, i.Fork)
        if block.kind == "parallel" and len(block.branches) != len(mark.parts):
            raise Unplaceable(f"{block.id} has another number of ways")
        ways: dict[int, Mark] = {}
        for part in mark.parts:
            if part is not None:
                way = self.only(block.branches, part)
                if way in ways:
                    raise Unplaceable(f"two ways of {block.id} have become one")
                ways[way] = part
        if len(ways) < len(mark.parts):
            self.arrived(block, mark)
        going = [self.put(block.branches[way], part, room) for way, part in ways.items()]
        return _bare(i.Fork, block=block, ways=list(ways), going=going)

    def arrived(self, block: b.Gate, mark: Mark) -> None:
        """Something waits where the ways meet: it must be the same gateway."""
        if block.id != self.of(mark.block.id):
            raise Unplaceable(f"what waits at the end of {mark.block.id} does not wait there")

    def loop(self, block: b.Loop, mark: Mark, room: i.Room) -> i.Going:
        return _bare(i.Turn, block=block, room=room, body=self.put(block.body, mark, room))

    def guarded(self, block: b.Guarded, mark: Mark, room: i.Room) -> i.Going:
        if block.interrupting and self.anchors(mark) <= set(_ids(block.handler)):
            now = self.put(block.handler, mark, room)
            return _bare(i.Watched, block=block, room=room, now=now, watching=False)
        self.same(block, mark)
        assert isinstance(mark.going, i.Watched)
        old = mark.going.block
        if (old.kind, old.interrupting) != (block.kind, block.interrupting):
            raise Unplaceable(f"{block.id} is another event")
        [host] = mark.parts
        assert host is not None
        if host.block.id == self.of(host.block.id) != block.inner.id:
            raise Unplaceable(f"{block.id} guards something else")
        now = self.put(block.inner, host, room)
        return _bare(i.Watched, block=block, room=room, now=now, watching=mark.going.watching)

    def inside(self, block: b.Inside, mark: Mark, room: i.Room) -> i.Going:
        if block.handler is not None and self.anchors(mark) <= set(_ids(block.handler)):
            handler = self.put(block.handler, mark, room)
            return _bare(
                i.Within, block=block, outer=room, room=i.Room({}), main=_done(),
                handler=handler, decided=True,
            )  # fmt: skip
        self.same(block, mark)
        assert isinstance(mark.going, i.Within)
        old = mark.going.block
        if old.called != block.called or (old.error_flag is None) != (block.error_flag is None):
            raise Unplaceable(f"{block.id} is another activity, or has another edge")
        inner: i.Room
        if block.called:
            inner = _furnished(i.Room(dict(mark.going.room.values)), mark.going.room)
        else:
            inner = i._Shared(room)
        main = self.main(block.body, mark.parts[0], inner)
        going = _bare(i.Within, block=block, outer=room, room=inner, main=main, handler=None)
        if hasattr(mark.going, "decided"):
            going.decided = True
        self.put_beside(block.body, mark.beside, inner)
        return going

    def race(self, block: b.Race, mark: Mark, room: i.Room) -> i.Going:
        if not isinstance(mark.block, b.Race) or block.id != self.of(mark.block.id):
            way = self.only(block.branches, mark)
            branch = self.put(block.branches[way], mark, room)
            return _bare(i.First, block=block, room=room, events=[], branch=branch)
        assert isinstance(mark.block, b.Race)
        before = {(self.of(event.id), event.kind) for event in mark.block.events}
        if before != {(event.id, event.kind) for event in block.events}:
            raise Unplaceable(f"{block.id} waits for other events")
        return i.First(block, room)

    def put_beside(self, body: b.Block, marks: list[Mark], room: i.Room) -> None:
        for mark in marks:
            handlers = [
                b.Sequence("", [guard.handler, *([b.Served(guard.end)] if guard.served else [])])
                for guard in _guards(body)
                if not guard.interrupting
            ]
            index = self.only(list(handlers), mark)
            room.beside.append(self.put(handlers[index], mark, room))


def _ids(block: b.Block) -> Iterator[str]:
    """What may stand open in a block, but in the same scope."""
    yield block.id
    if isinstance(block, b.Guarded) and not block.interrupting:
        yield from _ids(block.inner)
        return  # what runs beside is not in it
    for child in _in_scope(block):
        yield from _ids(child)


def _guards(block: b.Block) -> Iterator[b.Guarded]:
    if isinstance(block, b.Guarded):
        yield block
    for child in _in_scope(block):
        yield from _guards(child)


def _in_scope(block: b.Block) -> list[b.Block]:
    if isinstance(block, b.Sequence):
        return block.parts
    if isinstance(block, (b.Gate, b.Race)):
        return block.branches
    if isinstance(block, b.Loop):
        return [block.body]
    if isinstance(block, b.Guarded):
        return [block.inner, block.handler]
    if isinstance(block, b.Inside) and block.handler is not None:
        return [block.handler]
    return []


def _beside(room: i.Room) -> list[Mark]:
    return [mark for going in room.beside if (mark := take(going)) is not None]


def _furnished(room: i.Room, before: i.Room) -> i.Room:
    room.written = set(before.written)
    return room


def _done() -> i.Going:
    going = i.Going()
    going.done = True
    return going


def _bare(kind: type[Any], **given: Any) -> Any:
    """A going block as it stands, not begun anew."""
    going = kind.__new__(kind)
    going.__dict__.update(given)
    return going
