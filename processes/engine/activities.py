"""Activities with an inside: embedded and called processes, and what is done once for each item."""

from __future__ import annotations

from typing import Any

from processes.engine.kernel import BpmnProcessSpec, TaskState
from processes.engine.model import Element, EngineFault, Repeats
from processes.engine.steps import Step
from processes.engine.tokens import Instance, Scope, Token
from processes.engine.variables import check_value, visible, write


class Inside(Step):
    """An embedded sub-process: its tokens share the variables around it."""

    def __init__(
        self, way: BpmnProcessSpec, element: Element, inner: str, start: str, name: str | None
    ) -> None:
        super().__init__(way, element, name)
        self.inner = inner
        self.start = start

    def _update_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        instance: Instance = token.workflow.top_workflow
        if token.id in instance.subprocesses:
            return False
        token._set_state(TaskState.STARTED)
        part = instance.open_part(token, self.inner)
        self.furnish(token, part)
        part.enter(self.start)
        return False

    def furnish(self, token: Token, part: Scope) -> None:
        """Decide which variables the inside sees."""
        del token
        part.shares_variables = True

    def leave(self, token: Token, part: Scope) -> None:
        """The inside is done."""
        del part
        token._set_state(TaskState.READY)


class Called(Inside):
    """A called process: it gets a copy of the variables, and what it set comes back."""

    def furnish(self, token: Token, part: Scope) -> None:
        """Copy in."""
        part.shares_variables = False
        part.data.update(visible(token))

    def leave(self, token: Token, part: Scope) -> None:
        """Merge out what was set inside, and nothing else: the rest may be older by now."""
        write(token, {name: part.data[name] for name in sorted(part.written)})
        super().leave(token, part)


class Repeating(Step):
    """Carries an activity out once for each item of a list."""

    def __init__(self, way: BpmnProcessSpec, element: Element, repeats: Repeats) -> None:
        super().__init__(way, element, f"{element.id}+each")
        self.repeats = repeats

    def _update_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        items = self._items(token)
        token.internal_data["items"] = items
        token.internal_data["given"] = [None] * len(items)
        token.internal_data["done"] = 0
        if self.repeats.output:
            write(token, {self.repeats.output: []})
        if not items:
            return True
        token._set_state(TaskState.STARTED)
        for index in range(1 if self.repeats.sequential else len(items)):
            self._begin(token, index)
        return False

    def _items(self, token: Token) -> list[str]:
        wanted = self.repeats.collection
        seen = visible(token)
        if wanted not in seen:
            raise EngineFault(self.element.id, f"There is no list {wanted} to go through.")
        items = check_value(self.element.id, wanted, seen[wanted])
        if not isinstance(items, list):
            raise EngineFault(self.element.id, f"{wanted} is not a list that can be gone through.")
        return items

    def _begin(self, token: Token, index: int) -> None:
        each = token.workflow.spec.task_specs[self.element.id]
        child = token._add_child(each, TaskState.FUTURE)
        child.triggered = True
        local = {} if self.repeats.item is None else {
            self.repeats.item: token.internal_data["items"][index]
        }  # fmt: skip
        if self.repeats.output_item:
            local[self.repeats.output_item] = None
        child.internal_data.update(index=index, local=local)
        each._update(child)

    def child_done(self, token: Token, child: Token) -> None:
        """Take up the answer; go on, or end when all are in or enough is known."""
        if not child.triggered:
            return
        internal = token.internal_data
        internal["done"] += 1
        self._collect(token, child)
        if internal["done"] == len(internal["items"]) or self._is_enough(token):
            for other in token.children:
                other.cancel()
            token._set_state(TaskState.READY)
        elif self.repeats.sequential:
            self._begin(token, child.internal_data["index"] + 1)

    def _collect(self, token: Token, child: Token) -> None:
        output, item = self.repeats.output, self.repeats.output_item
        if not output or not item:
            return
        given = token.internal_data["given"]
        given[child.internal_data["index"]] = child.internal_data["local"][item]
        write(token, {output: [answer for answer in given if answer is not None]})

    def _is_enough(self, token: Token) -> bool:
        if not self.repeats.until:
            return False
        enough = token.workflow.top_workflow.script_engine.evaluate(token, self.repeats.until)
        if not isinstance(enough, bool):
            raise EngineFault(
                self.element.id,
                f"“{self.repeats.until}” must be true or false; it is {enough!r}.",
            )
        return enough

    def observe_entry(self, token: Token) -> None:
        """Not told: each instance tells."""

    def observe_completion(self, token: Token) -> None:
        """Told only where there was nothing to do."""
        if not token.internal_data["items"]:
            super().observe_entry(token)
            super().observe_completion(token)

    def observe_cancel(self, token: Token) -> None:
        """Not told: each instance tells."""
