"""Writes the XML of decision files for tests."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from feel.decisions import Decisions, load_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(*parts: str, namespace: str = NAMESPACE, more: str = "") -> bytes:
    body = "".join(parts)
    return f'<definitions xmlns="{namespace}" id="f" name="f" {more}>{body}</definitions>'.encode()


def load(*parts: str) -> Decisions:
    return load_decisions(file(*parts), "route.dmn")


def box(tag: str, *parts: str, **attributes: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{tag}{written}>{''.join(parts)}</{tag}>"


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, kind: str = "") -> str:
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{need}"/></informationRequirement>'
        for need in needs
    )
    typed = f"typeRef={quoteattr(kind)}" if kind else ""
    return (
        f"<decision id={quoteattr(name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} {typed}/>{required}{logic}</decision>"
    )


def given(name: str, kind: str = "") -> str:
    return (
        f"<inputData id={quoteattr('i ' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} typeRef={quoteattr(kind)}/></inputData>"
    )


def knowledge(name: str, logic: str, **parameters: str) -> str:
    typed = {quoteattr(key.replace("_", " ")): quoteattr(kind) for key, kind in parameters.items()}
    formal = "".join(f"<formalParameter name={key} typeRef={kind}/>" for key, kind in typed.items())
    return (
        f"<businessKnowledgeModel id={quoteattr('k ' + name)} name={quoteattr(name)}>"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )


def table(policy: str, inputs: str, *rules: str, outputs: str = '<output name="y"/>') -> str:
    """A table; `inputs` are expressions and a rule its cells, all parted by |."""
    asked = "".join(
        f"<input><inputExpression><text>{escape(text.strip())}</text></inputExpression></input>"
        for text in inputs.split("|")
    )
    count, rows = inputs.count("|") + 1, ""
    for rule in rules:
        rows += "<rule>"
        for at, cell in enumerate(rule.split("|")):
            side = "inputEntry" if at < count else "outputEntry"
            rows += f"<{side}><text>{escape(cell.strip())}</text></{side}>"
        rows += "</rule>"
    return f'<decisionTable hitPolicy="{policy}">{asked}{outputs}{rows}</decisionTable>'
