"""What somebody typed is set in the minutes, whatever characters are in it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from casework import typesetting
from casework.commission import minutes
from tests.browser.papers import words
from tests.commission.sitting import collective

AT = datetime(2026, 3, 16, tzinfo=UTC)


def paper(said, setting=typesetting.set_here):
    """The minutes with one answer in them."""
    content = {
        "lang": "fr",
        "title": "Minutes",
        "number": "2026-001",
        "head": [["Place", "North"]],
        "items_title": "Items",
        "items": [],
        "agreed_title": "Remarks",
        "agreed": [{"label": "Remark", "value": said, "parts": []}],
        "end": "Read and approved.",
        "page": "Page",
        "of": "of",
    }
    return setting("minutes", content, AT)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Before \U0001f600 after", "Before [U+1F600] after"),
        ("Before 你好 after", "Before [U+4F60][U+597D] after"),
        ("Before བོད after", "Before [U+0F56][U+0F7C][U+0F51] after"),
        ("Before \u0378 after", "Before [U+0378] after"),
        ("\ufeffBefore", "Before"),
        ("Be\ufffefore\ufdd0", "Before"),
        ("Be\x07fore\x00", "Before"),
        ("Be\u202efore\ud83d", "Before"),
        ("Before\tafter", "Before after"),
        ("Before\r\nafter", "Before after"),
        ("Élève, œuvre, naïf", "Élève, œuvre, naïf"),
    ],
)
def test_a_character_that_cannot_be_drawn_is_told_by_its_code_or_left_out(typed, drawn):
    assert f"Remark {drawn} Read and approved." in words(paper(typed))


def test_a_paper_is_set_in_a_process_of_its_own_as_it_is_here():
    assert paper("Élève 你", typesetting.pdf) == paper("Élève 你")


def test_a_server_that_has_forked_sets_papers_too():
    paper("before")  # the typesetter's threads begin here, and are not in the fork
    child = os.fork()
    if not child:
        os._exit(0 if paper("after", typesetting.pdf) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_what_cannot_be_set_is_told_and_waited_for_no_longer_than_it_may(monkeypatch):
    with pytest.raises(typesetting.NotSet, match="nowhere"):
        typesetting.pdf("nowhere", {}, AT)
    monkeypatch.setattr(typesetting, "LONGEST", 0.001)
    with pytest.raises(typesetting.NotSet, match="not set within"):
        typesetting.pdf("minutes", {}, AT)


def test_lines_stay_lines():
    assert paper("one\ntwo") == paper("one\r\ntwo\n") != paper("one two")


def test_many_characters_without_a_glyph_are_learnt_at_once(monkeypatch):
    tried = []
    make = typesetting.typst.compile
    monkeypatch.setattr(
        typesetting.typst, "compile", lambda *a, **k: tried.append(a) or make(*a, **k)
    )
    said = words(paper("".join(map(chr, range(0x4E00, 0x4E80)))))
    assert "[U+4E00]" in said
    assert "[U+4E7F]" in said
    assert len(tried) == 2


def test_what_typst_does_not_name_is_told_by_its_code_in_the_end(monkeypatch):
    monkeypatch.setattr(typesetting, "_ROUNDS", 0)
    assert "Remark né [U+4F60] Read" in words(paper("né 你"))


def test_minutes_are_issued_whatever_was_typed(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id, case_id)
    sitting.close_opinions(case_id)
    points = [{"point": "He works \U0001f600 and learns 你好."}]
    sitting.complete(
        case_id,
        "commission_collective",
        "secretary.north",
        **{**collective("support_only"), "points": points},
    )
    sitting.hold(session_id)
    sitting.approve(session_id)
    with sitting.writing() as session:
        _, pdf = minutes.read(*sitting.asking(session, "secretary.north"), session_id)
    assert "He works [U+1F600] and learns [U+4F60][U+597D]." in words(pdf)
