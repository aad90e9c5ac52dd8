"""Who signs a decision on a measure, for whom, and what the form says to everybody else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import access, accounts, casefile, work
from casework.measures import delegating, delegations, desk
from casework.refusals import Refused
from casework.scenarios import as_posted
from casework.tables import Delegation, RecordEntry, RoleHolding, TaskMove, UserAccount
from processes.tables import Establishment
from tests.casework.measures import DAY, TODAY, confirmed, decision, decisions, measures
from tests.casework.story import Story, filled

SIGN = "decide_measure_decide"


def give(story: Story, *, to: str = "management.north", **changes) -> Delegation:
    with story.writing() as session:
        who = story.viewer(session, "governor.north")
        place = next(h.establishment_id for h in who.holdings)
        given = {
            "role_at": f"fr.governor@{place}",
            "act": "reinforced_supervision",
            "to_user": story.user(to),
            "valid_from": TODAY,
            "valid_to": TODAY + 30 * DAY,
            **changes,
        }
        row = delegating.give(*story.asking(session, "governor.north"), **given)
        session.flush()
        session.expunge(row)
        return row


def signed_by(story: Story, login: str, **changes) -> list[str]:
    """The errors of the form when somebody signs; none when it was accepted."""
    with story.writing() as session:
        task = story.task(session, SIGN)
        asking = story.asking(session, login)
        page = work.open_task(*asking, task.id)
        posted = MultiDict(as_posted(filled(page.definition, decision(**changes))))
        done = work.complete(*asking, task.id, posted)
        if isinstance(done, work.TaskPage):
            return [error.words for error in done.form.errors]
    story.player.do_what_is_due()
    return []


def take_over(story: Story, login: str) -> None:
    """The authority above takes an overdue signature to itself."""
    with story.writing() as session:
        task = story.task(session, SIGN)
        session.add(
            TaskMove(
                id=story.platform.new_id(),
                agency_id=task.agency_id,
                case_id=task.case_id,
                task_id=task.id,
                from_user=None,
                to_user=story.user(login),
                moved_by=story.user(login),
                moved_at=story.player.played.now,
                reason="overdue",
            )
        )
        task.holder_id = story.user(login)


def test_whoever_holds_the_authority_there_signs(story):
    confirmed(story)
    assert signed_by(story, "governor.north") == []
    assert {row.state for row in measures(story, "reinforced_supervision")} == {"in_force"}


def test_a_measure_begins_soon_after_it_is_signed(story):
    confirmed(story)
    first = TODAY + 31 * DAY
    [words] = signed_by(
        story,
        "governor.north",
        effective_on=first,
        review_on=first + 10 * DAY,
        measure_until=first + 20 * DAY,
    )
    assert "1 April 2026 at the latest" in words
    assert measures(story, "reinforced_supervision") == []
    first -= DAY
    dates = {"review_on": first + 10 * DAY, "measure_until": first + 20 * DAY}
    assert signed_by(story, "governor.north", effective_on=first, **dates) == []


def test_a_superior_who_took_the_step_over_cannot_sign_it_and_is_told_who_may(story):
    confirmed(story)
    take_over(story, "region")
    [words] = signed_by(story, "region")
    assert "Governor" in words
    assert "delegation" in words
    assert decisions(story, "reinforced_supervision") == []
    assert measures(story, "reinforced_supervision") == []


def test_to_send_it_back_needs_no_signature(story):
    confirmed(story)
    take_over(story, "region")
    errors = signed_by(
        story, "region", measure_decision="returned", returned_why="A fact has no day."
    )
    assert errors == []
    assert "decide_measure_criteria" in story.open_elements()


def test_without_a_delegation_a_colleague_does_not_even_see_what_waits_for_a_signature(story):
    confirmed(story)
    assert not story.may_see(SIGN, "management.north")
    assert not story.may_see(SIGN, "governor.south")


def test_a_delegate_signs_and_the_delegation_is_printed_with_the_decision(story):
    confirmed(story)
    row = give(story)
    assert story.may_see(SIGN, "management.north")
    assert signed_by(story, "management.north") == []
    [signed] = decisions(story, "reinforced_supervision")
    assert (signed.authority_role, signed.delegation_id) == ("fr.governor", row.id)
    with story.reading() as session:
        page = casefile.case_page(*story.asking(session, "coordinator.north"), story.case_id)
    [line] = [d for d in page.decisions if d.because and "delegation" in " ".join(d.because)]
    printed = " ".join(line.because)
    assert "2 March 2026" in printed
    assert "1 April 2026" in printed
    assert "Why this function" in printed
    assert "Noa" not in printed  # staff by function and service number


@pytest.mark.parametrize(
    "changes",
    [
        {"act": "isolation"},
        {"valid_from": TODAY + DAY},
    ],
    ids=["another act", "not yet"],
)
def test_a_delegation_covers_its_act_and_its_days(story, changes):
    confirmed(story)
    give(story, **changes)
    if story.may_see(SIGN, "management.north"):
        assert "Governor" in signed_by(story, "management.north")[0]
    assert decisions(story, "reinforced_supervision") == []


def test_a_delegation_for_another_act_opens_nothing(story):
    confirmed(story)
    give(story, to="custody2.north", act="isolation")
    assert not story.may_see(SIGN, "custody2.north")
    with story.reading() as session:
        reader = story.viewer(session, "custody2.north")
        wanted = select(RecordEntry).where(RecordEntry.case_id == story.case_id)
        stranger = story.viewer(session, "custody3.north")
        for entry in session.scalars(wanted):
            ground = access.ground_of_reading(session, reader, entry)
            assert ground == access.ground_of_reading(session, stranger, entry)
    for outcome in ("decided", "returned"):
        with pytest.raises(access.NotVisible):
            signed_by(story, "custody2.north", measure_decision=outcome)
    assert "decide_measure_decide" in story.open_elements()


def test_who_is_there_by_a_delegation_sends_back_under_it_alone(story, monkeypatch):
    confirmed(story)
    give(story, act="isolation")
    monkeypatch.setattr(delegations, "opens", lambda *_: True)
    back = {"measure_decision": "returned", "returned_why": "A fact has no day."}
    assert "Governor" in signed_by(story, "management.north", **back)[0]
    give(story)
    assert signed_by(story, "management.north", **back) == []


def test_what_is_never_signed_by_delegation_is_not_offered(story):
    with story.reading() as session:
        page = delegating.page(story.platform, session, story.viewer(session, "governor.north"))
    assert [act.value for act in page.acts] == [
        "reinforced_supervision",
        "qpr_collective",
        "qpr_individual",
        "isolation",
    ]
    for act in ("urgent", "qer"):
        with pytest.raises(Refused, match="what may be signed"):
            give(story, act=act)


def test_a_delegation_ends_by_an_act(story):
    confirmed(story)
    row = give(story)
    with story.writing() as session:
        delegating.end(*story.asking(session, "governor.north"), row.id)
    assert not story.may_see(SIGN, "management.north")


def test_a_delegation_ends_when_whoever_gave_it_no_longer_holds_the_function(story):
    confirmed(story)
    give(story)
    with story.writing() as session:
        holding = session.scalars(
            select(RoleHolding).where(RoleHolding.user_id == story.user("governor.north"))
        ).one()
        holding.held_to = TODAY - DAY
    assert not story.may_see(SIGN, "management.north")


def test_a_delegation_ends_with_the_account_of_the_delegate(story):
    confirmed(story)
    give(story)
    with story.writing() as session:
        session.get_one(UserAccount, story.user("management.north")).active = False
    with story.reading() as session:
        place = story.case(session).establishment_id
        assert delegations.in_force(session, "fr.governor", place, TODAY) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": "governor.north"}, "somebody else"),
        ({"to": "custody.south"}, "works at this place"),
        ({"valid_to": TODAY - DAY}, "last day"),
        ({"valid_to": TODAY + 400 * DAY}, "a year at most"),
        ({"act": "anything"}, "what may be signed"),
        ({"role_at": "fr.central@nowhere"}, "a function that you hold"),
    ],
)
def test_a_delegation_that_cannot_be_given_says_what_to_change(story, changes, words):
    with pytest.raises(Refused, match=words):
        give(story, **changes)


def test_what_was_delegated_is_not_delegated_on(story):
    give(story)
    with story.writing() as session:
        given = {
            "role_at": f"fr.governor@{session.scalars(select(Establishment.id)).first()}",
            "act": "reinforced_supervision",
            "to_user": story.user("director.north"),
            "valid_from": TODAY,
            "valid_to": TODAY,
        }
        asking = story.asking(session, "management.north")
        with pytest.raises(Refused, match="a function that you hold"):
            delegating.give(*asking, **given)


def test_only_the_function_or_the_delegate_ends_a_delegation(story):
    row = give(story)
    with story.writing() as session, pytest.raises(access.NotVisible):
        delegating.end(*story.asking(session, "governor.south"), row.id)
    with story.writing() as session:
        delegating.end(*story.asking(session, "management.north"), row.id)
        assert session.get_one(Delegation, row.id).ended_by == story.user("management.north")


def test_whoever_laid_the_criteria_open_does_not_sign(story):
    confirmed(story)
    with story.writing() as session:
        acting = story.acting(None)
        place = story.case(session).establishment_id
        accounts.grant_role(
            story.platform,
            session,
            acting,
            story.user("coordinator.north"),
            "fr.governor",
            place,
            date(2020, 1, 1),
        )
    with pytest.raises(Refused, match="another pair of eyes"):
        signed_by(story, "coordinator.north")


def test_what_waits_stands_on_the_desk_of_those_who_may_sign_it(story):
    confirmed(story)
    give(story)
    with story.reading() as session:
        own = desk.desk(*story.asking(session, "governor.north"))
        lent = desk.desk(*story.asking(session, "management.north"))
        nobody = desk.desk(*story.asking(session, "custody.north"))
    assert [(row.title, row.delegated) for row in own.to_sign] == [
        ("Decide, each measure singly", False)
    ]
    assert [row.delegated for row in lent.to_sign] == [True]
    assert (nobody.signs, nobody.to_sign) == (False, ())


def test_the_step_says_who_decides_and_why(story):
    confirmed(story)
    with story.reading() as session:
        page = story.page(session, SIGN, "governor.north")
        facts = {fact.label: fact.shown for fact in page.facts}
    assert facts["Measure"] == "Reinforced supervision"
    assert facts["Who decides"] == "Governor"
    assert facts["Why"]
    assert facts["At most for"] == "3 months"


def test_a_scenario_begins_delegates_and_pauses(story):
    story.observe()
    story.do(
        "delegate",
        as_="governor.north",
        role="fr.governor",
        kind="isolation",
        to="management.north",
        until="@today+30D",
        **{"from": "@today"},
    )
    story.do("begin", as_="custody.north", form="F-URGENT", refused=True)
    story.do("begin", as_="governor.north", form="F-URGENT", because="danger")
    story.do("pause", as_="registry.north", ground="hospital", refused=True)
