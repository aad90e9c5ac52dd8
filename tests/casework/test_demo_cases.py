"""The cases of the demo stand where the tour says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from casework import access, casefile, demo_clock, demo_people, notifications, work
from casework.demo import play
from casework.demo.world import find_world
from casework.hands import hands
from casework.player import Player
from casework.setup import load_packs
from casework.tables import (
    AgendaItem,
    Case,
    CommissionSession,
    Draft,
    Measure,
    Notification,
    Opinion,
    Person,
    RecordEntry,
    Seat,
    Stay,
    Tally,
    Unit,
    UserAccount,
)
from casework.trial import Trials
from processes.tables import (
    Clock,
    Establishment,
    HumanTask,
    Installation,
    ProcessVersion,
    Subscription,
    Timer,
)

TODAY = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)  # a Wednesday
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[SimpleNamespace]:
    with time_machine.travel(TODAY, tick=False):
        own = Trials(tmp_path_factory.mktemp("demo"))
    own.platform.ports.effects.bind(own.platform)
    platform = replace(own.platform, real_now=lambda: TODAY)
    with own.world() as (sessions, _world):
        wanted = play.is_wanted(sessions)
        play.play_demo(platform, sessions)
        with sessions() as session:
            yield SimpleNamespace(
                sessions=sessions, session=session, wanted=wanted, platform=platform
            )


def case(demo, name: str) -> Case:
    return demo.session.scalars(select(Case).where(Case.name == name)).one()


def open_tasks(demo, name: str) -> dict[str, HumanTask]:
    wanted = select(HumanTask).where(
        HumanTask.case_id == case(demo, name).id, HumanTask.state == "open"
    )
    return {task.form: task for task in demo.session.scalars(wanted)}


def test_a_demo_is_played_once(demo) -> None:
    assert demo.wanted
    assert not play.is_wanted(demo.sessions)
    assert demo.session.get_one(Installation, 1).demo_played_at == TODAY


def test_alders_prayer_leaves_nothing_but_one_in_the_tally(demo) -> None:
    named = demo.session.scalars(select(Person).where(Person.family_name == "Alder")).all()
    cases = select(func.count()).where(Case.person_id.in_([person.id for person in named]))
    assert demo.session.scalar(cases) == 0
    assert demo.session.scalar(select(func.sum(Tally.count))) == 1


def test_in_basalt_one_grid_is_in_one_in_draft_and_one_due_tomorrow(demo) -> None:
    seats = select(Seat.form, Seat.state).where(Seat.case_id == case(demo, "Basalt").id)
    states = dict(demo.session.execute(seats).all())
    assert (states["G1"], states["G2"], states["G3"]) == ("given", "asked", "asked")
    tasks = open_tasks(demo, "Basalt")
    drafts = set(demo.session.scalars(select(Draft.task_id)))
    assert tasks["G2"].id in drafts
    assert tasks["G3"].id not in drafts
    due = tasks["G3"].due_at
    assert due is not None
    assert due.date() == (TODAY + timedelta(days=1)).date()


def test_in_cobalt_the_raters_differ_and_a_third_reads(demo) -> None:
    assert "F-THIRD" in open_tasks(demo, "Cobalt")


def test_flints_measure_ends_in_two_days_and_its_review_is_not_taken_up(demo) -> None:
    rows = select(Measure).where(Measure.case_id == case(demo, "Flint").id)
    measures = list(demo.session.scalars(rows))
    assert {row.state for row in measures} == {"in_force"}
    assert {row.expires_on for row in measures} == {(TODAY + 2 * A_DAY).date()}
    assert open_tasks(demo, "Flint")["F-REV"].holder_id is None


def test_flints_measure_lapses_when_the_clock_is_moved_by_three_days(demo, tmp_path) -> None:
    with time_machine.travel(TODAY, tick=False):
        own = Trials(tmp_path)
    platform = replace(own.platform, real_now=lambda: TODAY)
    told = next(told for told in play._cases() if told.name == "Flint")
    with own.world() as (sessions, world):
        play.play_case(platform, sessions, world, told, TODAY)
        Player(platform, sessions, world, TODAY).pass_time(TODAY + 3 * A_DAY)
        with sessions() as session:
            assert set(session.scalars(select(Measure.end_reason))) == {"lapsed"}
            waiting = select(HumanTask.form).where(HumanTask.state == "open")
            assert "F-RECEIPT" in set(session.scalars(waiting))


def test_gale_contests_and_is_heard_tomorrow(demo) -> None:
    assert open_tasks(demo, "Gale") == {}
    running = (
        select(Timer.due_at)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.case_id == case(demo, "Gale").id, Timer.kind == "drawn")
        .where(Timer.state == "pending")
    )
    (until,) = demo.session.scalars(running)
    assert until.date() == TODAY.date(), "the time to prepare ends with today"
    written = select(RecordEntry.form).where(RecordEntry.case_id == case(demo, "Gale").id)
    assert {"F-VOICE", "F-GROUNDS"} <= set(demo.session.scalars(written))


def test_harbour_leaves_in_three_days_and_the_ministry_has_not_answered(demo) -> None:
    person = demo.session.get_one(Person, case(demo, "Harbour").person_id)
    assert person.release_on == (TODAY + 3 * A_DAY).date()
    assert list(open_tasks(demo, "Harbour")) == ["F-QER"]


def stay(demo, name: str) -> Stay:
    return demo.session.scalars(select(Stay).where(Stay.case_id == case(demo, name).id)).one()


def test_lagoon_is_in_the_fifth_week_of_an_evaluation_and_one_of_two_has_assessed(demo) -> None:
    here = stay(demo, "Lagoon")
    assert (here.kind, here.state) == ("qer", "here")
    assert 28 <= (TODAY - here.came_at).days < 35
    assessing = select(HumanTask.state).where(
        HumanTask.case_id == case(demo, "Lagoon").id,
        HumanTask.element_id == "evaluation_assess_each",
    )
    assert sorted(demo.session.scalars(assessing)) == ["completed", "open"]


def test_meadows_programme_waits_for_its_review_and_for_nothing_else(demo) -> None:
    assert (stay(demo, "Meadow").kind, stay(demo, "Meadow").state) == ("qpr_collective", "here")
    assert set(open_tasks(demo, "Meadow")) == {"F-QPR-REV"}


def test_nettles_days_without_contact_were_told_to_region_and_oversight(demo) -> None:
    assert (stay(demo, "Nettle").kind, stay(demo, "Nettle").state) == ("qpr_individual", "here")
    assert {"F-QPR-FLOOR", "F-QPR-CONTACT"} <= set(open_tasks(demo, "Nettle"))
    told = select(Notification.role).where(
        Notification.case_id == case(demo, "Nettle").id, Notification.code == "de_facto_isolation"
    )
    assert sorted(demo.session.scalars(told)) == ["fr.disp", "x.oversight"]


def test_the_region_is_told_of_which_case_and_led_to_the_unit_where_it_is(demo) -> None:
    who = demo.session.scalars(select(UserAccount).where(UserAccount.login == "region.west")).one()
    viewer = access.viewer(demo.session, who, TODAY.date())
    assert not access.may_see_case(demo.session, viewer, case(demo, "Nettle"))
    notices = notifications.visible(demo.platform, demo.session, viewer)
    [alarm] = [notice for notice in notices if notice.code == "de_facto_isolation"]
    assert alarm.words.startswith("Case Nettle: ")
    assert (alarm.case_id, alarm.unit_id) == (None, stay(demo, "Nettle").unit_id)


def test_the_governor_reads_which_days_rang_and_why(demo) -> None:
    task_id = open_tasks(demo, "Nettle")["F-QPR-FLOOR"].id
    with hands(demo.platform, demo.sessions).writing() as session:
        acting, viewer = looking_at(demo, session, "governor.west")
        page = work.open_task(demo.platform, session, acting, viewer, task_id)
        told = [fact.shown for fact in page.beside.facts if fact.source == "log of contact"]
        session.rollback()
    assert told == ["nobody wrote down any contact"] * 3


def test_osier_waits_for_a_place_in_a_unit_that_is_full(demo) -> None:
    waits = stay(demo, "Osier")
    assert (waits.kind, waits.state, waits.unit_id) == ("qpr_individual", "waiting", None)
    assert {
        row.state
        for row in demo.session.scalars(
            select(Measure).where(Measure.case_id == case(demo, "Osier").id)
        )
    } == {"in_force"}
    unit = demo.session.scalars(select(Unit).where(Unit.kind == "qpr_individual")).one()
    taken = select(func.count()).where(Stay.unit_id == unit.id, Stay.state == "here")
    assert demo.session.scalar(taken) == unit.capacity


def test_what_is_late_in_the_units_of_the_demo_is_late_by_the_story_alone(demo) -> None:
    late = (
        select(Case.name, HumanTask.form)
        .join(Case, Case.id == HumanTask.case_id)
        .where(
            Case.name.in_(["Lagoon", "Meadow", "Nettle", "Osier"]),
            HumanTask.state == "open",
            HumanTask.due_at < TODAY,
        )
    )
    assert set(demo.session.execute(late).all()) == {("Nettle", "F-QPR-CONTACT")}


def test_dunes_session_is_tomorrow_and_three_of_five_opinions_are_in(demo) -> None:
    wanted = (
        select(CommissionSession)
        .join(AgendaItem, AgendaItem.session_id == CommissionSession.id)
        .where(AgendaItem.case_id == case(demo, "Dune").id)
    )
    row = demo.session.scalars(wanted).one()
    assert row.state == "convened"
    assert row.planned_at.date() == (TODAY + timedelta(days=1)).date()
    items = select(func.count()).where(AgendaItem.session_id == row.id)
    assert demo.session.scalar(items) == 3, "two other cases stand on the agenda"
    seats = select(Seat.state).where(
        Seat.case_id == case(demo, "Dune").id, Seat.office.is_not(None)
    )
    assert sorted(demo.session.scalars(seats)) == ["asked", "asked", "given", "given", "given"]


def looking_at(demo, session, login: str):
    account = session.scalars(select(UserAccount).where(UserAccount.login == login)).one()
    acting = demo.platform.acting(session, account.agency_id, account.id)
    return acting, access.viewer(session, account, TODAY.date())


def test_a_member_reads_steps_by_their_names_and_seats_by_function(demo) -> None:
    with hands(demo.platform, demo.sessions).writing() as session:
        acting, viewer = looking_at(demo, session, "lead.north")
        asked = select(HumanTask.id).where(
            HumanTask.case_id == case(demo, "Dune").id,
            HumanTask.state == "open",
            HumanTask.holder_id == viewer.user_id,
        )
        page = work.open_task(demo.platform, session, acting, viewer, session.scalars(asked).one())
        read = {given.title: str(given.sections) for given in page.material}
        session.rollback()
    assert list(read) == ["Decide", "Prepare the item", "Invite the person's observations"]
    seats = read["Prepare the item"]
    assert "Unit lead, wing A (N-110)" in seats
    assert str(viewer.user_id) not in seats


def test_the_agenda_read_again_names_its_cases(demo) -> None:
    with hands(demo.platform, demo.sessions).writing() as session:
        acting, viewer = looking_at(demo, session, "secretary.north")
        newest = select(RecordEntry.id).where(RecordEntry.form == "F-AGENDA")
        entry_id = session.scalars(newest.order_by(RecordEntry.written_at.desc())).first()
        page = casefile.entry_page(demo.platform, session, acting, viewer, entry_id)
        session.rollback()
    items = next(value for label, value in page.sections[0][1] if label == "Which items?")
    assert "Case Dune" in items
    assert items.count("Case ") == 3
    assert "-" not in items, "no bare id"


def embers_opinion(session, case_id) -> Opinion:
    wanted = select(Opinion).where(Opinion.case_id == case_id).order_by(Opinion.issued_at)
    return session.scalars(wanted).all()[-1]


def test_embers_second_opinion_leaves_by_itself_when_the_clock_is_moved_by_a_day(demo) -> None:
    ember = case(demo, "Ember").id
    unsent = embers_opinion(demo.session, ember)
    assert (unsent.repeat, unsent.state) == (2, "issued")
    with hands(demo.platform, demo.sessions).writing() as session:
        acting = demo.platform.acting(session, unsent.agency_id, None)
        demo_clock.move(demo.platform, session, acting, "day")
        gone = embers_opinion(session, ember)
        assert (gone.state, gone.sent_how) == ("sent", "by_itself")
        session.rollback()


def test_the_other_cases_have_no_name_and_each_waits_for_somebody(demo) -> None:
    nameless = set(
        demo.session.scalars(select(Case.id).where(Case.name.is_(None), Case.kind == "person"))
    )
    assert len(nameless) == 15
    waiting = select(HumanTask.case_id).where(HumanTask.state == "open")
    assert nameless <= set(demo.session.scalars(waiting))


def test_the_last_two_of_the_other_cases_are_being_rated_and_nothing_of_them_is_late(demo) -> None:
    forms = {}
    for number in ("N-2120", "N-2121"):
        wanted = (
            select(HumanTask)
            .join(Case, Case.id == HumanTask.case_id)
            .join(Person, Person.id == Case.person_id)
            .where(Person.number == number, HumanTask.state == "open")
        )
        tasks = demo.session.scalars(wanted).all()
        assert all(task.due_at is None or task.due_at > TODAY for task in tasks)
        forms[number] = {task.form for task in tasks}
    assert forms == {"N-2120": {"G1", "G2", "G3", "F-STMT"}, "N-2121": {"G3", "F-STMT"}}


def test_nothing_of_the_demo_lies_ahead_of_its_day(demo) -> None:
    for column in (Case.opened_at, RecordEntry.written_at, HumanTask.created_at):
        newest = demo.session.scalar(select(func.max(column)))
        assert newest is not None
        assert newest <= TODAY


def test_the_models_were_in_force_before_the_oldest_case_began(demo) -> None:
    oldest = demo.session.scalar(select(func.min(Case.opened_at)))
    since = demo.session.scalars(select(ProcessVersion.deployed_at)).all()
    assert since
    assert max(since) <= oldest


def test_models_loaded_into_a_demo_that_was_played_are_in_force_from_that_day(demo) -> None:
    own = demo.platform
    with hands(own, demo.sessions).writing() as session:
        session.execute(delete(Subscription))
        session.execute(update(ProcessVersion).values(active=False))
        assert not [problem for problem in load_packs(own, session) if problem.is_error]
        since = set(session.scalars(select(ProcessVersion.deployed_at)))
        session.rollback()
    assert since == {TODAY}


def test_everybody_who_can_sign_in_is_printed_by_function(demo) -> None:
    by_agency = play.sign_ins(demo.sessions)
    assert list(by_agency) == ["Demo prison service", "Demo prison service Sweden"]
    printed = dict(one for people in by_agency.values() for one in people)
    assert set(printed) == set(demo.session.scalars(select(UserAccount.login)))
    assert "Unit lead" in printed["lead.north"]
    assert len(set(printed.values())) == len(printed), "no two functions share a name"
    people = demo_people.people(demo.session, TODAY.date())
    assert len(people) == len(printed)


def test_what_is_no_demo_is_not_played_and_shows_nobody(trials) -> None:
    with trials.world() as (sessions, _world):
        with sessions() as session, session.begin():
            session.get_one(Installation, 1).demo = False
        assert not play.is_wanted(sessions)
        with sessions() as session:
            assert demo_people.people(session, TODAY.date()) == []


def test_a_database_without_the_demos_places_is_no_demo(trials) -> None:
    with trials.world() as (sessions, _world), sessions() as session:
        for place in session.scalars(select(Establishment)):
            place.name = f"{place.name} (closed)"
        with pytest.raises(LookupError, match="no demo world"):
            find_world(session)
