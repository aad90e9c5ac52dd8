"""An interpreter of block models that shares nothing with the engine: what must be open, when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.engine import blocks as b


class Effect(str):
    """Where an effect is due: an entrance carries it out before anybody can look."""

    __slots__ = ()


class Room:
    """A scope: its variables, and what runs beside its main line."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.written: set[str] = set()
        self.beside: list[Going] = []

    def set(self, values: Mapping[str, Any]) -> None:
        self.values.update(values)
        self.written.update(values)


class Going:
    """A block that has been begun."""

    done = False

    def waits(self) -> list[str]:
        return []

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        """Do what is open at this element, if it is in here."""
        return False


def begin(block: b.Block, room: Room) -> Going:
    kinds: dict[type[b.Block], type[Any]] = {
        b.Task: Leaf, b.Wait: Leaf, b.Each: Many, b.Sequence: Line, b.Gate: Fork, b.Loop: Turn,
        b.Guarded: Watched, b.Inside: Within, b.Race: First,
    }  # fmt: skip
    if isinstance(block, b.Wait) and block.kind == "served":
        return Served(block, room)
    if isinstance(block, b.Served):
        return Ended(block, room)
    going: Going = kinds[type(block)](block, room)
    return going


class Leaf(Going):
    def __init__(self, block: b.Block, room: Room) -> None:
        self.block, self.room = block, room

    def waits(self) -> list[str]:
        return [] if self.done else [self.block.id]

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done or at != self.block.id:
            return False
        timer = isinstance(self.block, b.Wait) and self.block.kind == "timer"
        self.room.set({} if timer else values)
        self.done = True
        return True


class Served(Leaf):
    """First the effect, then the timer."""

    def __init__(self, block: b.Block, room: Room) -> None:
        super().__init__(block, room)
        self.served = False

    def waits(self) -> list[str]:
        found = super().waits()
        return found if self.served else [Effect(at) for at in found]

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done or at != self.block.id:
            return False
        self.room.set({} if self.served else values)
        self.done, self.served = self.served, True
        return True


class Ended(Leaf):
    """The effect of an end."""

    def waits(self) -> list[str]:
        return [Effect(at) for at in super().waits()]


class Many(Going):
    def __init__(self, block: b.Each, room: Room) -> None:
        self.block, self.room = block, room
        self.left = len(room.values["items"])
        self.done = self.left == 0

    def waits(self) -> list[str]:
        return [self.block.id] * (min(self.left, 1) if self.block.sequential else self.left)

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done or at != self.block.id:
            return False
        self.room.set(values)
        self.left -= 1
        self.done = self.left == 0
        return True


class Line(Going):
    def __init__(self, block: b.Sequence, room: Room) -> None:
        self.room, self.ahead = room, list(block.parts)
        self.now: Going | None = None
        self.go_on()

    def go_on(self) -> None:
        while self.now is None or self.now.done:
            if not self.ahead:
                self.done = True
                return
            self.now = begin(self.ahead.pop(0), self.room)

    def waits(self) -> list[str]:
        return [] if self.now is None else self.now.waits()

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done or self.now is None or not self.now.act(at, values):
            return False
        self.go_on()
        return True


class Fork(Going):
    def __init__(self, block: b.Gate, room: Room) -> None:
        *ways, default = range(len(block.branches))
        holding = [way for way in ways if room.values[b.FLAGS[way]]] or [default]
        if block.kind == "exclusive":
            holding = holding[:1]
        if block.kind == "parallel":
            holding = [*ways, default]
        self.block, self.ways = block, holding
        self.going = [begin(block.branches[way], room) for way in holding]
        self.check()

    def check(self) -> None:
        self.done = all(going.done for going in self.going)

    def waits(self) -> list[str]:
        return [wait for going in self.going for wait in going.waits()]

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        acted = any(going.act(at, values) for going in self.going)
        self.check()
        return acted


class Turn(Going):
    def __init__(self, block: b.Loop, room: Room) -> None:
        self.block, self.room = block, room
        self.body = begin(block.body, room)

    def waits(self) -> list[str]:
        return [] if self.done else self.body.waits()

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done or not self.body.act(at, values):
            return False
        if self.body.done:
            if self.room.values[self.block.flag]:
                self.body = begin(self.block.body, self.room)
            else:
                self.done = True
        return True


class Watched(Going):
    def __init__(self, block: b.Guarded, room: Room) -> None:
        self.block, self.room = block, room
        self.now = begin(block.inner, room)
        self.watching = True
        self.done = self.now.done

    def waits(self) -> list[str]:
        edge = [self.block.id] if self.watching and not self.done else []
        return self.now.waits() + edge

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done:
            return False
        if at == self.block.id and self.watching:
            self.fire(values)
        elif not self.now.act(at, values):
            return False
        self.done = self.now.done
        return True

    def fire(self, values: Mapping[str, Any]) -> None:
        message = self.block.kind == "message"
        self.room.set(values if message else {})
        if self.block.interrupting:
            self.watching = False
            self.now = begin(self.block.handler, self.room)
        else:
            self.watching = message
            end = [b.Served(self.block.end)] if self.block.served else []
            handler = b.Sequence("", [self.block.handler, *end])
            self.room.beside.append(begin(handler, self.room))


class Within(Going):
    def __init__(self, block: b.Inside, room: Room) -> None:
        self.block, self.outer = block, room
        self.room = Room(dict(room.values)) if block.called else _Shared(room)
        self.main = begin(block.body, self.room)
        self.handler: Going | None = None
        self.check()

    def check(self) -> None:
        if self.handler is not None:
            self.done = self.handler.done
        elif self.main.done and self.fails():
            self.room.beside.clear()
            self.handler = begin(self.block.handler, self.outer)  # type: ignore[arg-type]
            self.done = self.handler.done
        elif self.main.done and all(going.done for going in self.room.beside):
            self.done = True
            if self.block.called:
                self.outer.set({name: self.room.values[name] for name in self.room.written})

    def fails(self) -> bool:
        flag = self.block.error_flag
        if flag is None or getattr(self, "decided", False):
            return False
        self.decided = True
        return bool(self.room.values[flag])

    def waits(self) -> list[str]:
        if self.done:
            return []
        if self.handler is not None:
            return self.handler.waits()
        beside = [wait for going in self.room.beside for wait in going.waits()]
        return self.main.waits() + beside

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.done:
            return False
        if self.handler is not None:
            acted = self.handler.act(at, values)
        else:
            acted = self.main.act(at, values) or any(
                going.act(at, values) for going in list(self.room.beside)
            )
        if acted:
            self.check()
        return acted


class _Shared(Room):
    """An embedded scope writes into the one around it."""

    def __init__(self, outer: Room) -> None:
        super().__init__(outer.values)
        self.outer = outer

    def set(self, values: Mapping[str, Any]) -> None:
        self.outer.set(values)


class First(Going):
    def __init__(self, block: b.Race, room: Room) -> None:
        self.block, self.room = block, room
        self.events = [begin(event, room) for event in block.events]
        self.branch: Going | None = None

    def waits(self) -> list[str]:
        if self.branch is not None:
            return [] if self.done else self.branch.waits()
        return [wait for event in self.events for wait in event.waits()]

    def act(self, at: str, values: Mapping[str, Any]) -> bool:
        if self.branch is not None:
            acted = self.branch.act(at, values)
            self.done = self.branch.done
            return acted
        for event, branch in zip(self.events, self.block.branches, strict=True):
            if event.act(at, values):
                self.branch = begin(branch, self.room)
                self.done = self.branch.done
                return True
        return False


class Whole:
    """A model from its start."""

    def __init__(self, top: b.Block, values: Mapping[str, Any]) -> None:
        self.room = Room(dict(values))
        self.main = begin(top, self.room)

    @property
    def waits(self) -> list[str]:
        beside = [wait for going in self.room.beside for wait in going.waits()]
        return sorted(self.main.waits() + beside)

    @property
    def done(self) -> bool:
        return self.main.done and all(going.done for going in self.room.beside)

    def act(self, at: str, values: Mapping[str, Any]) -> None:
        if not self.main.act(at, values):
            assert any(going.act(at, values) for going in list(self.room.beside)), at
