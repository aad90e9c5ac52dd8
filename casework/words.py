"""Sentences for people, made from the model and from closed codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from processes.engine import Element, Flow, Model
from processes.packs import Pack, labels


def _unchanged(text: str) -> str:
    return text


@dataclass(frozen=True)
class Speaking:
    """The reader's language. `translate` takes a source sentence (English) and gives it in that
    language; sentences for the catalogue are found at the calls of `say`."""

    language: str = "en"
    translate: Callable[[str], str] = _unchanged

    def say(self, sentence: str, **values: object) -> str:
        """Translate the sentence, then put the values into its {named} places."""
        return self.translate(sentence).format(**values)

    def day(self, day: date) -> str:
        """A full date, such as 25 November 2026."""
        return str(format_date(day, "d MMMM y", locale=self.language))

    def moment(self, at: datetime, zone: str) -> str:
        """A full date and time at the place."""
        shown = format_datetime(at, "d MMMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=self.language)
        return str(shown)


ENGLISH = Speaking()


@dataclass(frozen=True)
class Wording:
    """The names in one deployed version, in the reader's language."""

    model: Model
    pack: Pack
    speaking: Speaking = ENGLISH
    _labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, pack: Pack, speaking: Speaking) -> Wording:
        """With the labels of the pack in the speaker's language."""
        return cls(model, pack, speaking, labels(pack.id, speaking.language))

    def _label(self, section: str, key: str, otherwise: str) -> str:
        return self._labels.get(section, {}).get(key) or otherwise

    def element(self, element_id: str) -> str:
        """The name of a step."""
        element = self.model.elements.get(element_id)
        return self._label("elements", element_id, (element and element.name) or element_id)

    def flow(self, flow: Flow) -> str:
        """The name of a way out of a gateway."""
        return self._label("flows", flow.id, flow.name)

    def process(self, process_id: str) -> str:
        """The title of a process."""
        info = self.model.processes.get(process_id)
        return self._label("models", process_id, info.name if info else process_id)

    def documentation(self, element_id: str) -> str:
        """What the model says about a step, with its source."""
        element = self.model.elements.get(element_id)
        return self._label("documentation", element_id, element.documentation if element else "")

    def basis(self, legal_basis: str) -> str:
        """The legal basis drawn at a step; one that somebody wrote stays as it was written."""
        return self._label("basis", legal_basis, legal_basis)

    def parameter(self, name: str) -> str:
        """The name of a parameter, such as a time limit that is set outside the model."""
        return self._label("parameters", name, name.replace("_", " "))

    def role(self, role: str) -> str:
        """The name of a function."""
        code = self.pack.role(role)
        return self._label("roles", code, self.pack.roles.get(code, code))

    def role_of(self, element: Element) -> str:
        """The function that does a step; a computed one is named by what it is."""
        role = element.role or ""
        if not role.startswith("="):
            return self.role(role)
        name = role[1:].strip()
        return {
            "superior": self.speaking.say("the superior"),
            "authority": self.speaking.say("the authority above"),
            "oversight": self.speaking.say("oversight"),
        }.get(name, self.speaking.say("the same function"))

    def lane(self, element: Element) -> str | None:
        """The lane in which a step stands."""
        return self._label("lanes", element.lane, element.lane) if element.lane else None

    def code(self, variable: str, code: str) -> str:
        """The words of a closed code."""
        plain = code.replace("_", " ")
        return self._label("codes", f"{variable}.{code}", plain)


def readers(layers: frozenset[str], blind: bool, speaking: Speaking = ENGLISH) -> tuple[str, ...]:
    """Who will see the answers, layer by layer [domain.md 6.1]."""
    say = speaking.say
    by_layer = {
        "L0": say("Identity and dates: everybody whose function works on the case."),
        "L1": say(
            "Open case file: the person it is about, and staff whose function works on the case."
        ),
        "L2": say(
            "Restricted answers: only those who need them for their own step in this case. The"
            " person can ask for them; sources are then left out."
        ),
        "L3": say(
            "Working notes: the assessors of this case alone. The person sees the synthesis."
        ),
    }
    found = [words for layer, words in by_layer.items() if layer in layers]
    if blind:
        found.append(
            say(
                "No other rater sees your grid before all grids are in, and you see none of theirs."
            )
        )
    return tuple(found)
