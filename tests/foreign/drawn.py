"""Writes small models as the modellers of other engines write them."""

from __future__ import annotations

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:visits">\n'
)


def model(*parts: str, executable: bool = True, diagram: str = "") -> bytes:
    """One process `visits` in a file of its own."""
    flag = "true" if executable else "false"
    body = "\n    ".join(parts)
    process = f'  <bpmn:process id="visits" name="Visits" isExecutable="{flag}">\n    {body}\n'
    return (HEAD + process + "  </bpmn:process>\n" + diagram + "</bpmn:definitions>\n").encode()


def task(inside: str = "", **attributes: str) -> bytes:
    """A user task `ask` between a start and an end."""
    return model(START, step("ask", inside, **attributes), END, flow("f1", "start", "ask"),
                 flow("f2", "ask", "end"))  # fmt: skip


def step(id: str, inside: str = "", /, tag: str = "userTask", **attributes: str) -> str:  # noqa: A002
    given = "".join(f' {name.replace("__", ":")}="{value}"' for name, value in attributes.items())
    head = f'<bpmn:{tag} id="{id}" name="{id}"{given}'
    return f"{head}>{inside}</bpmn:{tag}>" if inside else f"{head} />"


def flow(id: str, source: str, target: str, condition: str | None = None) -> str:  # noqa: A002
    inside = (
        "" if condition is None else
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}'
        "</bpmn:conditionExpression>"
    )  # fmt: skip
    ends = f'sourceRef="{source}" targetRef="{target}"'
    head = f'<bpmn:sequenceFlow id="{id}" {ends}'
    return f"{head}>{inside}</bpmn:sequenceFlow>" if inside else f"{head} />"


def extension(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def diagram(boxes: dict[str, tuple[int, int, int, int]], arrows: dict[str, list[int]]) -> str:
    """Boxes as x, y, width, height; arrows as x, y, x, y ..."""
    drawn = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}" /></bpmndi:BPMNShape>'
        for name, (x, y, w, h) in boxes.items()
    ) + "".join(
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}" />'
                  for x, y in zip(way[::2], way[1::2], strict=True))
        + "</bpmndi:BPMNEdge>"
        for name, way in arrows.items()
    )  # fmt: skip
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="visits">{drawn}</bpmndi:BPMNPlane>'
    return f'  <bpmndi:BPMNDiagram id="dia">{plane}</bpmndi:BPMNDiagram>\n'


START = '<bpmn:startEvent id="start" name="Asked" />'
END = '<bpmn:endEvent id="end" name="Done" />'
