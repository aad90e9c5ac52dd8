"""Writes small BPMN files for tests."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:sv="urn:samverkan:bpmn:1" id="definitions" targetNamespace="urn:test">\n'
)


def file(*parts: str) -> bytes:
    return (HEAD + "\n".join(parts) + "\n</bpmn:definitions>").encode()


def process(*parts: str, id: str = "p", executable: bool = True) -> str:  # noqa: A002
    flag = "true" if executable else "false"
    body = "\n".join(parts)
    return f'<bpmn:process id="{id}" name="{id}" isExecutable="{flag}">\n{body}\n</bpmn:process>'


def model(*parts: str, id: str = "p") -> bytes:  # noqa: A002
    return file(process(*parts, id=id))


def node(tag: str, id: str, inside: str = "", /, **attributes: str) -> str:  # noqa: A002
    written = "".join(
        f" {name.replace('__', ':')}={quoteattr(value)}" for name, value in attributes.items()
    )
    return f'<bpmn:{tag} id="{id}" name="{id}"{written}>{inside}</bpmn:{tag}>'


def start(id: str = "S", inside: str = "") -> str:  # noqa: A002
    return node("startEvent", id, inside)


def end(id: str = "E", inside: str = "") -> str:  # noqa: A002
    return node("endEvent", id, inside)


def user(id: str, inside: str = "", /, **attributes: str) -> str:  # noqa: A002
    return node("userTask", id, inside, **attributes)


def gateway(kind: str, id: str, default: str | None = None) -> str:  # noqa: A002
    attributes = {} if default is None else {"default": default}
    return node(f"{kind}Gateway", id, "", **attributes)


def flow(id: str, source: str, target: str, condition: str | None = None) -> str:  # noqa: A002
    inside = (
        ""
        if condition is None
        else '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{escape(condition)}</bpmn:conditionExpression>"
    )
    return (
        f'<bpmn:sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def chain(*ids: str) -> str:
    """Flows a_b, b_c, ... through these nodes."""
    return "\n".join(flow(f"{a}_{b}", a, b) for a, b in pairwise(ids))


def timer(text: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{escape(text)}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{name}"/>'


def error(code: str | None = None) -> str:
    return f"<bpmn:errorEventDefinition{_ref('error', code)}/>"


def escalation(code: str | None = None) -> str:
    return f"<bpmn:escalationEventDefinition{_ref('escalation', code)}/>"


def _ref(kind: str, code: str | None) -> str:
    return "" if code is None else f' {kind}Ref="{kind}_{code}"'


def declare(*names: str) -> str:
    """Messages, errors and escalations of these names at the top of a file."""
    return "".join(
        f'<bpmn:message id="{name}" name="{name}"/>'
        f'<bpmn:error id="error_{name}" errorCode="{name}"/>'
        f'<bpmn:escalation id="escalation_{name}" escalationCode="{name}"/>'
        for name in names
    )


def boundary(id: str, host: str, inside: str, interrupting: bool = True) -> str:  # noqa: A002
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", id, inside, attachedToRef=host, cancelActivity=cancel)


def each(
    collection: str, item: str, *, sequential: bool = False, inside: str = "", **more: str
) -> str:
    written = "".join(f' sv:{name}="{value}"' for name, value in more.items())
    flag = "true" if sequential else "false"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{flag}" '
        f'sv:collection="{collection}" sv:element="{item}"{written}>{inside}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
