"""The short tour: six things to try, each with whom to act as and where to begin."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from casework.demo_people import DemoPerson
from webapp.access import exists


@dataclass(frozen=True)
class Step:
    """One step: what to see, whom to act as, and the page it begins on."""

    title: str
    words: str
    person: DemoPerson | None
    address: str | None


def steps(people: list[DemoPerson]) -> list[Step]:
    """The tour, with the people of this demo."""

    def step(title: str, words: str, role: str, page: str) -> Step:
        person = next((one for one in people if role in one.roles), None)
        return Step(title, words, person, url_for(page) if exists(page) else None)

    return [
        step(
            _("Write down what you saw"),
            _(
                "An officer records an observation about an invented prisoner: facts first, "
                "then what others said. A daily prayer alone is no ground: try it, and see that "
                "nothing is kept."
            ),
            "fr.custody",
            "observations.start",
        ),
        step(
            _("Take the first look"),
            _(
                "The unit lead finds the observation in My work, with a deadline. The page says "
                "who the case is about, where the step stands in the process, who will read the "
                "answers and what happens when time runs out."
            ),
            "fr.unit_lead",
            "work.my_work",
        ),
        step(
            _("Fill in a grid without seeing the others"),
            _(
                "Each assessor works alone: what colleagues wrote shows only after one's own "
                "grid is in. What you type is saved while you type. Nothing is added up."
            ),
            "fr.spip_officer",
            "work.my_work",
        ),
        step(
            _("See where the assessors differ"),
            _(
                "Open the case Cobalt: two texts side by side, no number, and a third reader "
                "is asked."
            ),
            "fr.mlrv",
            "cases.index",
        ),
        step(
            _("Let a deadline pass"),
            _(
                "Move the demo's clock to the next deadline. The superior is told, and the "
                "overdue step appears among his or her tasks."
            ),
            "fr.spip_director",
            "demo.clock",
        ),
        step(
            _("Look after the whole"),
            _(
                "Oversight shows what is late and with whom, and moves a task when somebody is "
                "away. The supervisors' page shows state, never content."
            ),
            "fr.management",
            "oversight.overview",
        ),
    ]
