"""What a criterion rests on is kept out of the open file where the person may not read it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from casework import record
from casework.tables import RecordEntry
from tests.casework import measures

SECRET, CONFIDED, GIST = "Said by a named source.", "Told in confidence.", "Somebody is afraid."


@pytest.fixture
def answered(story):
    """The criteria with a fact that is open, one told by its gist, and one that is withheld."""
    measures.ordered(story)
    measures.heard(story)
    story.complete("urgent_measure_decide", urgent_end="confirm", reasons=measures.REASONS)
    rests_on = [
        measures.evidence(),
        measures.evidence(what=CONFIDED, open="gist", gist=GIST),
        measures.evidence(what=SECRET, where_written=SECRET, open="withheld"),
    ]
    story.complete("decide_measure_criteria", **measures.criteria(violence_evidence=rests_on))
    return story


def entries(story, layer: str) -> str:
    with story.reading() as session:
        wanted = select(RecordEntry).where(RecordEntry.form == "F-CRIT", RecordEntry.layer == layer)
        acting = story.acting(None)
        read = [
            record.read_entry(story.platform, session, acting, e) for e in session.scalars(wanted)
        ]
        return json.dumps(read, default=str)


def test_the_open_entry_holds_the_gist_and_the_restricted_one_the_rest(answered):
    open_file, restricted = entries(answered, "L1"), entries(answered, "L2")
    assert GIST in open_file
    assert SECRET not in open_file
    assert CONFIDED not in open_file
    assert SECRET in restricted
    assert CONFIDED in restricted


def test_who_signs_reads_all_that_the_decision_rests_on(answered):
    if "decide_measure_eyes" in answered.open_elements():
        answered.complete("decide_measure_eyes", eyes="passed")
    with answered.reading() as session:
        page = answered.page(session, "decide_measure_decide", "governor.north")
        shown = str(page.material)
    assert SECRET in shown
    assert CONFIDED in shown
