"""The only script environment: FEEL over the variables in sight; scripts are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feel import EvaluationError, FeelError, compile_expression
from processes.engine.kernel import BasePythonScriptEngineEnvironment, PythonScriptEngine
from processes.engine.model import EngineFault
from processes.engine.tokens import Token
from processes.engine.variables import visible


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates FEEL, executes nothing."""

    def evaluate(
        self, expression: Any, context: Mapping[str, Any], external_context: Any = None
    ) -> Any:
        """The value of a FEEL expression; no Python is ever run."""
        del external_context
        return compile_expression(str(expression)).evaluate(dict(context))

    def execute(
        self, script: Any, context: Mapping[str, Any], external_context: Any = None
    ) -> bool:
        """Never: a model contains no program."""
        del script, context, external_context
        raise EngineFault(None, "A model cannot run scripts; use a service task with an effect.")

    def call_service(self, context: Mapping[str, Any], **kwargs: Any) -> Any:
        """Never: effects are asked for, not called."""
        del context, kwargs
        raise EngineFault(None, "A service task names an effect; it calls nothing itself.")


class FeelEngine(PythonScriptEngine):
    """Hands every expression of a model to FEEL, with the words of a fault for people."""

    def __init__(self) -> None:
        super().__init__(FeelEnvironment())

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:
        """The value of an expression at a token."""
        del external_context
        token: Token = task
        try:
            return self.environment.evaluate(expression, context_of(token, str(expression)))
        except (FeelError, EvaluationError) as error:
            raise EngineFault(
                token.task_spec.bpmn_id, f"The expression “{expression}” has no value: {error}"
            ) from error

    def execute(self, task: Any, script: Any, external_context: Any = None) -> Any:
        """Never."""
        del task
        return self.environment.execute(script, {}, external_context)


def context_of(token: Token, expression: str) -> dict[str, Any]:
    """What FEEL sees at a token: its variables, and where it asks, the parameters as param.NAME."""
    seen: dict[str, Any] = dict(visible(token))
    if "param" in compile_expression(expression).names:
        seen["param"] = dict(token.workflow.top_workflow.parameters)
    return seen
