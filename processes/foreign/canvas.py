"""The drawing of a model: where shapes stand, and how room is made for a new one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from typing import TypeVar

from lxml import etree

DI_BPMN = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"

GATEWAY, EVENT, GAP, ASIDE, CORNER = 50.0, 36.0, 50.0, 40.0, 10.0
Point = tuple[float, float]
T = TypeVar("T")


class Box:
    """Where a shape stands; written back as it is changed."""

    __slots__ = ("bounds", "height", "width", "x", "y")

    def __init__(self, bounds: etree._Element) -> None:
        self.bounds = bounds
        self.x, self.y = number(bounds.get("x")), number(bounds.get("y"))
        self.width, self.height = number(bounds.get("width")), number(bounds.get("height"))

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def move(self, by: float) -> None:
        """To the right."""
        self.x += by
        self.bounds.set("x", written(self.x))

    def widen(self, by: float) -> None:
        """Its right edge to the right."""
        self.width += by
        self.bounds.set("width", written(self.width))


def number(text: str | None) -> float:
    """A coordinate; 0 where none can be read."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if isfinite(value) and abs(value) < 1e7 else 0.0


def written(value: float) -> str:
    """A coordinate as modellers write it."""
    return str(int(value)) if value == int(value) else f"{value:.2f}"


class Canvas:
    """The shapes and arrows of the diagrams of one file. Without a diagram nothing is drawn."""

    def __init__(self, root: etree._Element) -> None:
        self.boxes: dict[str, Box] = {}
        self.arrows: dict[str, etree._Element] = {}
        self.planes: dict[str, etree._Element] = {}
        self.containers = {
            str(node.get("id"))
            for node in root.iter(etree.Element)
            if etree.QName(node).localname
            in {"participant", "lane", "subProcess", "transaction", "adHocSubProcess", "group"}
        }
        self.ends = {
            str(node.get("id")): (node.get("sourceRef"), node.get("targetRef"))
            for node in root.iter(etree.Element)
            if node.get("sourceRef") and node.get("targetRef")
        }
        for plane in root.iter(DI_BPMN + "BPMNPlane"):
            self._read(plane)

    def _read(self, plane: etree._Element) -> None:
        for shape in plane.iterchildren(DI_BPMN + "BPMNShape"):
            bounds = shape.find(DC + "Bounds")
            drawn = local(shape.get("bpmnElement"))
            if bounds is not None and drawn and drawn not in self.boxes:
                self.boxes[drawn], self.planes[drawn] = Box(bounds), plane
        for edge in plane.iterchildren(DI_BPMN + "BPMNEdge"):
            self.arrows.setdefault(local(edge.get("bpmnElement")), edge)

    def rename(self, old: str, new: str) -> None:
        """The drawing of a shape or flow that has another id now."""
        _rename(self.boxes, old, new)
        _rename(self.arrows, old, new)
        _rename(self.planes, old, new)
        _rename(self.ends, old, new)
        for flow, ends in self.ends.items():
            source, target = (new if end == old else end for end in ends)
            self.ends[flow] = (source, target)

    def put_behind(self, source: str, new: str, size: float) -> None:
        """Draw a new shape to the right of another, moving what stands in its way."""
        if source not in self.boxes:
            return
        box = self.boxes[source]
        self._make_room(source, box.right, GAP + size + ASIDE - self._free_behind(source))
        self._add_shape(source, new, box.right + GAP, box.middle[1] - size / 2, size)

    def put_before(self, target: str, new: str, size: float) -> None:
        """Draw a new shape to the left of another."""
        if target not in self.boxes:
            return
        box = self.boxes[target]
        self._make_room(target, box.x, ASIDE + size + GAP - self._free_before(target))
        self._add_shape(target, new, box.x - GAP - size, box.middle[1] - size / 2, size)

    def connect(self, flow: str, source: str, target: str) -> None:
        """Draw an arrow from edge to edge."""
        self.ends[flow] = (source, target)
        if source not in self.boxes or target not in self.boxes:
            return
        edge = self.arrows.get(flow)
        if edge is None:
            plane = self.planes[source]
            edge = etree.SubElement(plane, DI_BPMN + "BPMNEdge", id=f"{flow}_di", bpmnElement=flow)
            _indent_last(plane)
            self.arrows[flow] = edge
        for point in edge.findall(DI + "waypoint"):
            edge.remove(point)
        way = route(self.boxes[source], self.boxes[target])
        for x, y in reversed(way):
            point = etree.Element(DI + "waypoint", x=written(x), y=written(y))
            edge.insert(0, point)
        _indent_within(edge)
        for bounds in edge.iterfind(f"{DI_BPMN}BPMNLabel/{DC}Bounds"):
            _name_beside(bounds, way)

    def _add_shape(self, beside: str, new: str, x: float, y: float, size: float) -> None:
        plane = self.planes[beside]
        shape = etree.SubElement(plane, DI_BPMN + "BPMNShape", id=f"{new}_di", bpmnElement=new)
        place = {"x": written(x), "y": written(y), "width": written(size), "height": written(size)}
        bounds = etree.SubElement(shape, DC + "Bounds", place)
        _indent_last(plane)
        _indent_within(shape)
        self.boxes[new], self.planes[new] = Box(bounds), plane

    def _beside(self, drawn: str) -> Iterator[tuple[str, Box]]:
        plane = self.planes[drawn]
        return (
            (name, box)
            for name, box in self.boxes.items()
            if name != drawn and self.planes[name] is plane
        )

    def _free_behind(self, drawn: str) -> float:
        """How much room there is to the right, to the next shape or the edge of its pool."""
        own = self.boxes[drawn]
        rooms = [
            box.x - own.right if not self._holds(name, box, own) else box.right - own.right
            for name, box in self._beside(drawn)
            if _on_a_height(box, own) and (self._holds(name, box, own) or box.x >= own.right)
        ]
        return max(0.0, min(rooms, default=1e6))

    def _free_before(self, drawn: str) -> float:
        own = self.boxes[drawn]
        rooms = [
            own.x - box.right if not self._holds(name, box, own) else own.x - box.x - 30
            for name, box in self._beside(drawn)
            if _on_a_height(box, own) and (self._holds(name, box, own) or box.right <= own.x)
        ]
        return max(0.0, min(rooms, default=1e6))

    def _holds(self, name: str, box: Box, inner: Box) -> bool:
        x, y = inner.middle
        inside = box.x <= x <= box.right and box.y <= y <= box.y + box.height
        return name in self.containers and inside

    def _make_room(self, beside: str, cut: float, by: float) -> None:
        """Move everything right of a line, widening what is cut by it."""
        if by <= 0:
            return
        moved = {name for name, box in self._beside(beside) if box.middle[0] > cut}
        if self.boxes[beside].middle[0] > cut:
            moved.add(beside)
        for name, box in [*self._beside(beside), (beside, self.boxes[beside])]:
            if name in self.containers and box.x < cut < box.right:
                moved.discard(name)
                box.widen(by)
            elif name in moved:
                box.move(by)
                _move_label(box.bounds.getparent(), by)
        for flow, edge in self.arrows.items():
            if edge.getparent() is self.planes[beside]:
                self._move_arrow(edge, moved, self.ends.get(flow, (None, None)), cut, by)

    def _move_arrow(
        self,
        edge: etree._Element,
        moved: set[str],
        ends: tuple[str | None, str | None],
        cut: float,
        by: float,
    ) -> None:
        points = edge.findall(DI + "waypoint")
        for at, point in enumerate(points):
            end = ends[0] if at == 0 else ends[1] if at == len(points) - 1 else None
            known = end is not None and end in self.boxes and end not in self.containers
            follows = end in moved if known else number(point.get("x")) > cut
            if follows:
                point.set("x", written(number(point.get("x")) + by))
        for bounds in edge.iterfind(f"{DI_BPMN}BPMNLabel/{DC}Bounds"):
            if number(bounds.get("x")) > cut:
                Box(bounds).move(by)


def _rename(known: dict[str, T], old: str, new: str) -> None:
    if old in known:
        known[new] = known.pop(old)


def local(name: str | None) -> str:
    """An id without the prefix that some tools write before it."""
    return (name or "").rsplit(":", 1)[-1]


def route(source: Box, target: Box) -> list[Point]:
    """A way along right angles; straight where both stand on one height."""
    (sx, sy), (tx, ty) = source.middle, target.middle
    if target.x >= source.right:
        if abs(sy - ty) < max(1, target.height / 2 - CORNER):
            return [(source.right, sy), (target.x, sy)]
        if source.width == GATEWAY == source.height:
            edge = source.y if ty < sy else source.y + source.height
            return [(sx, edge), (sx, ty), (target.x, ty)]
        between = (source.right + target.x) / 2
        return [(source.right, sy), (between, sy), (between, ty), (target.x, ty)]
    down = ty > sy
    start = source.y + source.height if down else source.y
    end = target.y if down else target.y + target.height
    turn = (start + end) / 2
    return [(sx, start), (sx, turn), (tx, turn), (tx, end)]


def _on_a_height(one: Box, other: Box) -> bool:
    return one.y - ASIDE < other.y + other.height and other.y < one.y + one.height + ASIDE


def _move_label(shape: etree._Element | None, by: float) -> None:
    for bounds in () if shape is None else shape.iterfind(f"{DI_BPMN}BPMNLabel/{DC}Bounds"):
        Box(bounds).move(by)


def _name_beside(bounds: etree._Element, way: list[Point]) -> None:
    """The name of an arrow stands above its last part that runs across."""
    across = [(a, b) for a, b in pairwise(way) if a[1] == b[1]]
    if across:
        (ax, ay), (bx, _) = across[-1]
        box = Box(bounds)
        bounds.set("x", written(round(min(ax, bx) + 5)))
        bounds.set("y", written(round(ay - box.height - 3)))


def _indent_last(plane: etree._Element) -> None:
    """The last child stands on a line of its own, as its brothers do."""
    if len(plane) < 2:
        return
    new, before = plane[-1], plane[-2]
    lead = plane.text if plane.text and not plane.text.strip() else None
    new.tail, before.tail = before.tail, lead


def _indent_within(node: etree._Element) -> None:
    before = node.getprevious()
    lead = before.tail if before is not None else None
    if not lead or lead.strip():
        return
    node.text = lead + "  "
    for child in node[:-1]:
        child.tail = lead + "  "
    if len(node):
        node[-1].tail = lead
