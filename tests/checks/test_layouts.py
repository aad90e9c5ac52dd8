"""The drawings of the packs can be read: everything is drawn, in its lane, and no line runs through
a shape."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from processes.packs import MODELS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
FILES = sorted(MODELS.glob("*/*.bpmn"))
DRAWN = ("Task", "Event", "Gateway", "callActivity", "subProcess")
TOLERANCE = 2
MOST_BUT_ENDS = 18
MOST = 22
"""Shapes that one drawing may have, without ends and with them; whatever has more is cut into parts
that are called."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Where a shape stands."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def is_run_through(self, a: Point, b: Point) -> bool:
        """Whether the line goes through the inside; touching the edge is meeting it."""
        return (
            max(a[0], b[0]) > self.x + TOLERANCE
            and min(a[0], b[0]) < self.x + self.width - TOLERANCE
            and max(a[1], b[1]) > self.y + TOLERANCE
            and min(a[1], b[1]) < self.y + self.height - TOLERANCE
        )


class Layout:
    """One file's shapes and lines."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.process = self.root.find(BPMN + "process")
        self.boxes = {
            shape.get("bpmnElement"): Box(*(float(shape[0].get(k)) for k in _BOUNDS))
            for shape in self.root.iter(DI + "BPMNShape")
        }
        self.lines: dict[str, list[Point]] = {
            edge.get("bpmnElement"): [
                (float(point.get("x")), float(point.get("y")))
                for point in edge
                if point.tag.endswith("waypoint")
            ]
            for edge in self.root.iter(DI + "BPMNEdge")
        }
        self.nodes = {
            node.get("id"): node
            for node in self.process.iter(BPMN + "*")
            if node.tag.endswith(DRAWN)
        }
        flows = (*self.process.iter(BPMN + "sequenceFlow"), *self.root.iter(BPMN + "messageFlow"))
        self.flows = {flow.get("id"): flow for flow in flows}

    def ends(self, flow_id: str) -> set[str]:
        """The shapes a line may touch: both ends, and what stands on their border."""
        flow = self.flows[flow_id]
        own = {flow.get("sourceRef"), flow.get("targetRef")}
        hosts = {self.nodes[i].get("attachedToRef") for i in own if i in self.nodes}
        edges = {i for i, node in self.nodes.items() if node.get("attachedToRef") in own}
        around = {i for name in own & set(self.nodes) for i in self.around(name)}
        return own | hosts | edges | around

    def around(self, node: str) -> list[str]:
        """The sub-processes in which a shape stands."""
        return [part.get("id") for part in self.nodes[node].iterancestors(BPMN + "subProcess")]


_BOUNDS = ("x", "y", "width", "height")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def layout(request: pytest.FixtureRequest) -> Layout:
    return Layout(request.param)


def test_everything_is_drawn_and_nothing_else(layout: Layout) -> None:
    lanes = {lane.get("id") for lane in layout.process.iter(BPMN + "lane")}
    pools = {pool.get("id") for pool in layout.root.iter(BPMN + "participant")}
    assert set(layout.boxes) == set(layout.nodes) | lanes | pools
    assert set(layout.lines) == set(layout.flows)


def test_every_shape_stands_inside_its_lane(layout: Layout) -> None:
    lane_of = {
        ref.text: lane.get("id")
        for lane in layout.process.iter(BPMN + "lane")
        for ref in lane.iterchildren(BPMN + "flowNodeRef")
    }
    boxes = layout.boxes
    outside = [
        node
        for node in layout.nodes
        if not boxes[(*layout.around(node), lane_of.get(node))[0]].holds(boxes[node])
    ]
    assert outside == []


def test_lines_are_straight_and_run_through_no_shape(layout: Layout) -> None:
    for flow_id, points in layout.lines.items():
        others = set(layout.nodes) - layout.ends(flow_id)
        for a, b in pairwise(points):
            assert a[0] == b[0] or a[1] == b[1], flow_id
            through = [node for node in others if layout.boxes[node].is_run_through(a, b)]
            assert through == [], flow_id


def test_a_governor_can_take_in_each_drawing_at_one_glance(layout: Layout) -> None:
    ends = [node for node in layout.nodes.values() if node.tag == BPMN + "endEvent"]
    assert len(layout.nodes) - len(ends) <= MOST_BUT_ENDS
    assert len(layout.nodes) <= MOST
