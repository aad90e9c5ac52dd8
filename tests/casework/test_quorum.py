"""Who must be present so that the commission can opine."""

from itertools import product

import pytest

from feel.decisions import load_decisions
from processes.packs import MODELS

FUNCTIONS = ("chair_present", "spip_director_present", "detention_present")


def tables(name: str):
    return load_decisions((MODELS / "france" / f"{name}.dmn").read_bytes(), f"{name}.dmn")


def quorum(absent: set[str], **more) -> bool:
    present = {function: function not in absent for function in FUNCTIONS}
    return tables("quorum").variables("quorum", {**present, **more})["quorum"]


def test_with_all_three_functions_present_there_is_a_quorum():
    assert quorum(set()) is True


@pytest.mark.parametrize(
    "nobody",
    [
        pytest.param("chair_present", id="without-a-chair-there-is-no-quorum"),
        pytest.param("spip_director_present", id="without-the-probation-service-there-is-none"),
        pytest.param("detention_present", id="without-the-detention-sector-there-is-none"),
    ],
)
def test_one_of_the_three_functions_missing_means_no_quorum(nobody):
    assert quorum({nobody}) is False


def test_the_table_answers_for_every_attendance_and_only_a_full_one_is_a_quorum():
    for seen in product((True, False), repeat=len(FUNCTIONS)):
        absent = {function for function, here in zip(FUNCTIONS, seen, strict=True) if not here}
        assert quorum(absent) is (absent == set())


def test_consultative_members_never_make_up_for_a_missing_one():
    invited = {
        "support_pair_present": True,
        "pjj_present": True,
        "health_present": True,
        "intelligence_present": True,
    }
    assert quorum({"detention_present"}, **invited) is False
    assert quorum(set(), **dict.fromkeys(invited, False)) is True


@pytest.mark.parametrize(
    ("outcome", "measure", "hearing"),
    [
        ("qer", "qer", "ordinary"),
        ("reinforced_supervision", "reinforced_supervision", "ordinary"),
        ("isolation_proposal", "isolation", "isolation"),
        ("no_follow_up", None, None),
        ("support_only", None, None),
    ],
)
def test_the_outcome_named_by_the_commission_brings_its_procedure(outcome, measure, hearing):
    found = tables("opinion-procedure").variables("opinion-procedure", {"cpu1_outcome": outcome})
    assert found == {"measure_kind": measure, "hearing_kind": hearing, "renewal": False}
