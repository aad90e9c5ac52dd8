"""Random block models, as a tree: written as BPMN for the engine, walked by the interpreter."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.engine import xml

FLAGS = ("b0", "b1", "b2")


@dataclass
class Block:
    id: str


@dataclass
class Task(Block):
    pass


@dataclass
class Wait(Block):
    kind: str  # timer, message; served: a timer whose effect is carried out before


@dataclass
class Served(Block):
    """The effect of what runs beside an activity, at its end."""


@dataclass
class Each(Block):
    """A task for each item of the list."""

    sequential: bool


@dataclass
class Sequence(Block):
    parts: list[Block]


@dataclass
class Gate(Block):
    """exclusive, inclusive (by flags, the last branch is the default), parallel."""

    kind: str
    branches: list[Block]


@dataclass
class Loop(Block):
    body: Block
    flag: str


@dataclass
class Guarded(Block):
    """An activity with a timer or message on its edge."""

    inner: Block
    kind: str
    interrupting: bool
    handler: Block
    served: bool
    """Whether the end of what runs beside the activity has an effect."""

    @property
    def end(self) -> str:
        return f"{self.id}_end"


@dataclass
class Inside(Block):
    """An embedded or called process, perhaps ending in an error that its edge catches."""

    called: bool
    body: Block
    error_flag: str | None = None
    handler: Block | None = None


@dataclass
class Race(Block):
    """An event gateway."""

    events: list[Wait]
    branches: list[Block]


def random_model(random: Random, size: int) -> Block:
    maker = _Maker(random)
    body = maker.block(size)
    return Sequence("top", [Task("begin"), body])


@dataclass
class _Maker:
    random: Random
    number: int = 0

    def id(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def block(self, size: int, simple: bool = False) -> Block:
        if size <= 1:
            return self.leaf(simple)
        kinds = ["sequence", "exclusive", "loop"]
        if not simple:
            kinds += ["parallel", "inclusive", "guarded", "inside", "race", "parallel", "inclusive"]
        kind = self.random.choice(kinds)
        if kind in {"exclusive", "parallel", "inclusive"}:
            return self.gate(kind, size, simple)
        if kind == "loop":
            body = Sequence("", [Task(self.id("T")), self.block(size - 2, simple)])
            return Loop(self.id("L"), body, self.random.choice(FLAGS))
        if kind == "guarded":
            return self.guarded(size)
        if kind == "inside":
            return self.inside(size)
        if kind == "race":
            events = [Wait(self.id("V"), self.random.choice(["timer", "message"])) for _ in "ab"]
            return Race(self.id("R"), events, [self.block(size // 2 - 1) for _ in "ab"])
        half = size // 2
        return Sequence("", [self.block(half, simple), self.block(size - half, simple)])

    def leaf(self, simple: bool) -> Block:
        """Where the same block may be open twice (simple), its copies must be alike."""
        kinds = ["task", "task", "task", "timer", "message", "nothing"]
        kind = self.random.choice(kinds if simple else [*kinds, "each", "served"])
        if kind == "task":
            return Task(self.id("T"))
        if kind == "each":
            return Each(self.id("M"), self.random.random() < 0.5)
        return Sequence("", []) if kind == "nothing" else Wait(self.id("W"), kind)

    def gate(self, kind: str, size: int, simple: bool) -> Block:
        branches = [
            self.block((size - 1) // 2, simple) for _ in range(self.random.choice([2, 2, 3]))
        ]
        return Gate(self.id("G"), kind, branches)

    def guarded(self, size: int) -> Block:
        inner = self.random.choice([Task(self.id("T")), self.inside(size // 2, error=False)])
        interrupting = self.random.random() < 0.5
        kind = self.random.choice(["timer", "message"])
        handler = Sequence("", [Task(self.id("T")), self.block(size // 3, not interrupting)])
        served = not interrupting and self.random.random() < 0.5
        return Guarded(self.id("B"), inner, kind, interrupting, handler, served)

    def inside(self, size: int, error: bool = True) -> Inside:
        called = self.random.random() < 0.5
        body = Sequence("", [self.block(size - 2), Task(self.id("T"))])
        if error and self.random.random() < 0.4:
            flag = self.random.choice(FLAGS)
            return Inside(self.id("P"), called, body, flag, self.block(size // 3))
        return Inside(self.id("P"), called, body)


Exit = tuple[str, str | None, bool]
"""(node, condition of the flow that leaves it, whether it is the default)"""


@dataclass
class Writer:
    """Writes a block model as BPMN files."""

    files: dict[str, bytes] = field(default_factory=dict)
    number: int = 0

    def write(self, top: Block) -> dict[str, bytes]:
        self.process("p", top)
        return self.files

    def process(self, name: str, body: Block, error_flag: str | None = None) -> None:
        scope = _Scope(self)
        scope.whole(body, f"{name}_S" if name != "p" else "S", error_flag)
        self.files[f"{name}.bpmn"] = xml.file(
            xml.declare("go", "oops"), xml.process(*scope.parts, id=name)
        )


@dataclass
class _Scope:
    writer: Writer
    parts: list[str] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)

    def fresh(self, prefix: str) -> str:
        self.writer.number += 1
        return f"{prefix}_{self.writer.number}"

    def whole(self, body: Block, start: str, error_flag: str | None) -> None:
        self.parts.append(xml.start(start))
        last = self.emit(body, (start, None, False))
        if error_flag:
            fork = self.fresh("x")
            self.connect(last, fork)
            oops = self.fresh("oops")
            self.parts.append(xml.end(oops, xml.error("oops")))
            self.connect((fork, error_flag, False), oops)
            last = (fork, None, True)
        done = self.fresh("end")
        self.parts.append(xml.end(done))
        self.connect(last, done)
        if error_flag:
            self.gateway("exclusive", fork)

    def gateway(self, kind: str, name: str) -> None:
        self.parts.append(xml.gateway(kind, name, self.defaults.get(name)))

    def connect(self, exit_: Exit, target: str) -> None:
        source, condition, is_default = exit_
        flow = self.fresh("f")
        if is_default:
            self.defaults[source] = flow
        self.parts.append(xml.flow(flow, source, target, condition))

    def emit(self, block: Block, entry: Exit) -> Exit:
        if isinstance(block, Sequence):
            for part in block.parts:
                entry = self.emit(part, entry)
            return entry
        writers = {
            Task: self.task, Wait: self.wait, Each: self.each, Gate: self.gate, Loop: self.loop,
            Guarded: self.guarded, Inside: self.inside, Race: self.race,
        }  # fmt: skip
        return writers[type(block)](block, entry)  # type: ignore[operator]

    def task(self, block: Task, entry: Exit) -> Exit:
        self.parts.append(xml.user(block.id))
        self.connect(entry, block.id)
        return (block.id, None, False)

    def wait(self, block: Wait, entry: Exit) -> Exit:
        self.event("intermediateCatchEvent", block)
        self.connect(entry, block.id)
        return (block.id, None, False)

    def event(self, tag: str, block: Wait) -> None:
        inside = xml.message("go") if block.kind == "message" else xml.timer("PT1H")
        effect = {"sv__effect": "serve"} if block.kind == "served" else {}
        self.parts.append(xml.node(tag, block.id, inside, **effect))

    def each(self, block: Each, entry: Exit) -> Exit:
        many = xml.each("items", "item", sequential=block.sequential)
        self.parts.append(xml.user(block.id, many))
        self.connect(entry, block.id)
        return (block.id, None, False)

    def gate(self, block: Gate, entry: Exit) -> Exit:
        split, join = block.id, f"{block.id}_join"
        self.connect(entry, split)
        last = len(block.branches) - 1
        for index, branch in enumerate(block.branches):
            if block.kind == "parallel":
                way: Exit = (split, None, False)
            else:
                way = (split, None if index == last else FLAGS[index], index == last)
            self.connect(self.emit(branch, way), join)
        self.gateway(block.kind, split)
        self.gateway(block.kind, join)
        return (join, None, False)

    def loop(self, block: Loop, entry: Exit) -> Exit:
        merge, again = f"{block.id}_in", f"{block.id}_again"
        self.connect(entry, merge)
        self.gateway("exclusive", merge)
        self.connect(self.emit(block.body, (merge, None, False)), again)
        self.connect((again, block.flag, False), merge)
        # the default flow is drawn by whoever follows
        flow = self.fresh("f")
        self.defaults[again] = flow
        self.gateway("exclusive", again)
        after = self.fresh("after")
        self.parts.append(xml.flow(flow, again, after))
        self.parts.append(xml.node("intermediateThrowEvent", after))
        return (after, None, False)

    def guarded(self, block: Guarded, entry: Exit) -> Exit:
        after = self.emit(block.inner, entry)
        inside = xml.timer("PT1H") if block.kind == "timer" else xml.message("go")
        self.parts.append(xml.boundary(block.id, block.inner.id, inside, block.interrupting))
        handled = self.emit(block.handler, (block.id, None, False))
        if not block.interrupting:
            effect = {"sv__effect": "serve"} if block.served else {}
            self.parts.append(xml.node("endEvent", block.end, **effect))
            self.connect(handled, block.end)
            return after
        return self.merged(after, handled)

    def merged(self, *ways: Exit) -> Exit:
        merge = self.fresh("m")
        for way in ways:
            self.connect(way, merge)
        self.gateway("exclusive", merge)
        return (merge, None, False)

    def inside(self, block: Inside, entry: Exit) -> Exit:
        if block.called:
            name = f"called_{block.id}"
            self.writer.process(name, block.body, block.error_flag)
            self.parts.append(xml.node("callActivity", block.id, calledElement=name))
        else:
            inner = _Scope(self.writer)
            inner.whole(block.body, f"{block.id}_S", block.error_flag)
            self.parts.append(xml.node("subProcess", block.id, "\n".join(inner.parts)))
        self.connect(entry, block.id)
        after: Exit = (block.id, None, False)
        if block.error_flag is None or block.handler is None:
            return after
        edge = f"{block.id}_oops"
        self.parts.append(xml.boundary(edge, block.id, xml.error("oops")))
        return self.merged(after, self.emit(block.handler, (edge, None, False)))

    def race(self, block: Race, entry: Exit) -> Exit:
        self.connect(entry, block.id)
        self.parts.append(xml.gateway("eventBased", block.id))
        ways = []
        for event, branch in zip(block.events, block.branches, strict=True):
            self.event("intermediateCatchEvent", event)
            self.connect((block.id, None, False), event.id)
            ways.append(self.emit(branch, (event.id, None, False)))
        return self.merged(*ways)
