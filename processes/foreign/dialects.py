"""The words of other engines: their name spaces, and what each word meant there."""

from __future__ import annotations

CAMUNDA = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://www.camunda.com/fox": "fox",
}
ZEEBE = {"http://camunda.org/schema/zeebe/1.0": "zeebe"}
ENGINES = {**CAMUNDA, **ZEEBE}
MARKS = tuple(name.encode() for name in ("camunda", "activiti", "flowable", "zeebe"))
"""What a file contains if it may hold words of another engine (in any encoding of one byte)."""

MACHINERY = frozenset(
    {
        "async", "asyncAfter", "asyncBefore", "bindingType", "calledDecisionBinding",
        "calledElementBinding", "calledElementTenantId", "calledElementVersion",
        "calledElementVersionTag", "decisionRefBinding", "decisionRefTenantId",
        "decisionRefVersion", "diagramRelationId", "exclusive", "executionPlatform",
        "executionPlatformVersion", "failedJobRetryTimeCycle", "formRefBinding", "formRefVersion",
        "generatedForm", "historyTimeToLive", "isStartableInTasklist", "jobPriority",
        "modelerTemplate", "modelerTemplateIcon", "modelerTemplateVersion",
        "propagateAllChildVariables", "propagateAllParentVariables", "retries", "taskPriority",
        "userTask", "versionTag",
        "localScope", "triggerable", "useLocalScopeForResultVariable", "formFieldValidation",
    }
)  # fmt: skip
"""What spoke to the machinery of that engine alone: nothing takes its place, nothing is missed."""

PROGRAMS = frozenset(
    {
        "class", "delegateExpression", "expression", "type", "topic", "connector", "taskDefinition",
        "resource", "script", "executionListener", "taskListener", "executionListeners",
        "taskListeners", "eventHandlerClass", "variableMappingClass",
        "variableMappingDelegateExpression", "field", "errorEventDefinition", "jobRetries",
    }
)  # fmt: skip

WHAT_INSTEAD = {
    "assignee": "Draw the step in a lane with sv:role; who does it takes it from My work.",
    "candidateUsers": "Draw the step in a lane with sv:role; who does it takes it from My work.",
    "candidateGroups": "Name one role in sv:role, of the lane or of the step.",
    "formKey": "Draw the form and name it in sv:form.",
    "formRef": "Draw the form and name it in sv:form.",
    "formId": "Draw the form and name it in sv:form.",
    "externalReference": "Draw the form and name it in sv:form.",
    "formHandlerClass": "Draw the form and name it in sv:form.",
    "userTaskForm": "Save what it holds as ID.form beside the model, and name it in sv:form.",
    "dueDate": "Write a time in sv:due, such as P10WD, PT72H or param:NAME.",
    "businessCalendarName": "Write working days in sv:due, such as P10WD.",
    "followUpDate": "Write a time in sv:remind, such as P3D before due.",
    "priority": "Set sv:due: what is due first comes first.",
    "priorityDefinition": "Set sv:due: what is due first comes first.",
    "decisionRef": "Name the decision in sv:decision.",
    "decisionId": "Name the decision in sv:decision.",
    "resultVariable": "Give the column of the table the name of the variable.",
    "mapDecisionResult": "Give the column of the table the name of the variable.",
    "collection": "Name the variable that holds the list in sv:collection.",
    "inputCollection": "Name the variable that holds the list in sv:collection.",
    "elementVariable": "Name the variable in sv:element.",
    "inputElement": "Name the variable in sv:element.",
    "outputCollection": "Name the variable for the answers in sv:outputs.",
    "outputElement": "Name the variable of one answer in sv:output.",
    "elementIndexVariable": "Work with the item instead of its number.",
    "processId": "Choose the called process in calledElement.",
    "correlationKey": "A message is matched by its case; write sv:correlation only for “task”.",
    "initiator": "Remove it: who began a case stands in its record.",
    "candidateStarterGroups": "Remove it: who may begin is a matter of roles.",
    "candidateStarterUsers": "Remove it: who may begin is a matter of roles.",
    "properties": "Write what people must know as documentation; remove the rest.",
    "inputOutput": "Use the variables of the process; let a form, table or effect set them.",
    "taskHeaders": "Write it as sv: attributes of a service task: its effect is handed them.",
    "ioMapping": "Use the variables of the process; let a form, table or effect set them.",
    "in": "Remove it, and use one name: a called process sees the variables of its caller.",
    "out": "Remove it, and use one name: a called process sets the variables of its caller.",
    "skipExpression": "Draw an exclusive gateway before the step.",
    "errorCodeVariable": "Draw one boundary event for each code.",
    "errorMessageVariable": "Draw one boundary event for each code.",
}
PROGRAM = (
    "Name a registered effect in sv:effect of a service task; nothing else runs programs here."
)
ANY = "Remove it, or draw what it does."


def prefix_of(name: object) -> str | None:
    """The engine whose word an attribute or element is; None if it is nobody's that we know."""
    space, found, _ = str(name).removeprefix("{").partition("}")
    return ENGINES.get(space) if found else None


def local(name: object) -> str:
    """The word without its name space."""
    return str(name).rpartition("}")[2]


def word_of(name: object) -> str:
    """A word with the prefix that its readers know: camunda:dueDate."""
    return f"{prefix_of(name)}:{local(name)}"


def instead(word: str) -> str:
    """What to do about a word that has no counterpart."""
    return PROGRAM if word in PROGRAMS else WHAT_INSTEAD.get(word, ANY)
