"""The one package that knows SpiffWorkflow: values in, values out."""

from processes.engine.compiling import compile_model
from processes.engine.migrating import Carried, Fate, carry_over
from processes.engine.model import (
    Element,
    EngineFault,
    Flow,
    Lane,
    Model,
    ModelError,
    Problem,
    ProcessInfo,
    Repeats,
)
from processes.engine.running import Run
from processes.engine.storage import values_of
from processes.engine.values import (
    Code,
    EffectRequest,
    OpenTask,
    Passed,
    Schedule,
    Snapshot,
    ThrownMessage,
    WaitingMessage,
    WaitingTimer,
)

__all__ = [
    "Carried",
    "Code",
    "EffectRequest",
    "Element",
    "EngineFault",
    "Fate",
    "Flow",
    "Lane",
    "Model",
    "ModelError",
    "OpenTask",
    "Passed",
    "Problem",
    "ProcessInfo",
    "Repeats",
    "Run",
    "Schedule",
    "Snapshot",
    "ThrownMessage",
    "WaitingMessage",
    "WaitingTimer",
    "carry_over",
    "compile_model",
    "values_of",
]
