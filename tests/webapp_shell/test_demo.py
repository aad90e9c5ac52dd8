"""What only a trial can do: act as anyone, move the clock forward."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import event, func, select

from casework import audit, demo_clock
from casework.database import begin_writing
from casework.tables import AuditCheckpoint, AuditRow, UserAccount
from processes.ports import JournalEntry
from processes.tables import Agency, Clock, Establishment, Installation, Timer
from tests.webapp_shell.conftest import post
from webapp.clockwork import Clockwork

BANNER = "every person and case here is invented"


@pytest.mark.parametrize("address", ["/demo/tour", "/demo/clock"])
def test_the_pages_of_a_trial_exist_in_a_demo_only(make_shell, address):
    client = make_shell().signed_in()
    assert client.get(address).status_code == 404


def test_nobody_acts_as_somebody_else_outside_a_demo(shell):
    client = shell.signed_in()
    answer = post(client, "/demo/act-as", user_id=str(shell.users["lead"]))
    assert answer.status_code == 404
    assert "Function officer" in client.get("/nothing").text


def test_the_clock_stands_outside_a_demo(shell):
    assert post(shell.signed_in(), "/demo/clock", by="week").status_code == 404
    with shell.sessions() as session:
        begin_writing(session)
        account = session.get_one(UserAccount, shell.users["officer"])
        acting = shell.platform.acting(session, account.agency_id, account.id)
        with pytest.raises(demo_clock.NotADemo):
            demo_clock.move(shell.platform, session, acting, "week")


def test_every_page_of_a_demo_says_that_all_is_invented(demo):
    client = demo.signed_in()
    for address in ("/sign-in", "/demo/tour", "/demo/clock", "/nothing"):
        assert BANNER in client.get(address, follow_redirects=True).text


def test_no_page_of_a_real_installation_says_so(shell):
    assert BANNER not in shell.client().get("/sign-in").text


def test_one_press_acts_as_somebody_of_any_agency(demo):
    client = demo.client()
    for login in ("lead", "stranger", "officer"):
        answer = post(client, "/demo/act-as", user_id=str(demo.users[login]), next="/demo/clock")
        assert answer.headers["Location"] == "/demo/clock"
        assert f"Function {login}" in client.get("/demo/clock").text


def test_every_page_says_whose_it_is_by_name_letters_and_colour(demo):
    """Two services in one installation are told apart at a glance; the switch names both."""
    client, seen = demo.client(), set()
    for login in ("lead", "stranger"):
        post(client, "/demo/act-as", user_id=str(demo.users[login]), next="/demo/clock")
        page = client.get("/demo/clock").text
        with demo.sessions() as session:
            account = session.get_one(UserAccount, demo.users[login])
            agency = session.get_one(Agency, account.agency_id)
        chip = page.split("app-agency app-agency--")[1].split("</header>")[0]
        assert chip.startswith(agency.country.lower())
        assert f"</span>{agency.name}</span>" in chip
        assert f'<optgroup label="{agency.name} · ' in page
        seen.add(agency.name)
    assert len(seen) == 2


@pytest.mark.parametrize("wanted", ["", "nonsense", str(UUID(int=7))])
def test_nobody_can_be_acted_as_who_is_not_of_the_demo(demo, wanted):
    assert post(demo.client(), "/demo/act-as", user_id=wanted).status_code == 404


@pytest.mark.parametrize(
    ("by", "least", "most"), [("day", 1, 1), ("week", 7, 7), ("working-day", 1, 5)]
)
def test_the_clock_moves_forward_and_the_move_is_audited(demo, by, least, most):
    client = demo.signed_in()
    answer = post(client, "/demo/clock", by=by)
    assert answer.status_code == 302
    with demo.sessions() as session:
        moved = session.get_one(Installation, 1).clock_offset_seconds
        assert timedelta(days=least) <= timedelta(seconds=moved) <= timedelta(days=most, hours=2)
        row = session.query(AuditRow).filter_by(act="demo.clock_moved").one()
        assert row.codes["by"] == by


def test_the_clock_moves_by_known_steps_only(demo):
    client = demo.signed_in()
    assert post(client, "/demo/clock", by="-1").status_code == 404
    with demo.sessions() as session:
        assert session.get_one(Installation, 1).clock_offset_seconds == 0


def test_without_a_deadline_there_is_nothing_to_move_to(demo):
    client = demo.signed_in()
    answer = post(client, "/demo/clock", by="deadline")
    assert "No deadline waits" in client.get(answer.headers["Location"]).text


def test_the_clock_moves_just_past_the_next_deadline(demo):
    due = demo.platform.real_now() + timedelta(hours=5)
    _timer(demo, due)
    client = demo.signed_in()
    assert "Next deadline" in client.get("/demo/clock").text
    post(client, "/demo/clock", by="deadline")
    with demo.sessions() as session:
        now = demo.platform.case_now(session)
        assert due < now < due + timedelta(seconds=60)


def test_a_deadline_nobody_looks_after_shows_on_the_health_page(demo):
    client = demo.client()
    assert client.get("/health/ready").json["status"] == "ok"
    _timer(demo, demo.platform.real_now() - timedelta(minutes=5))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json["clock"] == "stale"


def test_the_health_page_says_when_a_clock_last_looked_and_how_long_ago(demo):
    client = demo.client()
    never = client.get("/health/ready")
    assert (never.json["last_sweep"], never.json["last_sweep_seconds"]) == (None, None)
    assert never.status_code == 200, "a clock that looked at nothing is late for nothing"
    looked = demo.platform.real_now()
    with demo.sessions() as session:
        clockwork = Clockwork(demo.platform, session.get_bind())
    with time_machine.travel(looked, tick=False):
        clockwork.look()
    with time_machine.travel(looked + timedelta(seconds=10), tick=False):
        clockwork.look()
    with time_machine.travel(looked + timedelta(minutes=7), tick=False):
        answer = client.get("/health/ready")
    assert answer.json["last_sweep"] == looked.isoformat(), "not written down at every look"
    assert answer.json["last_sweep_seconds"] == 7 * 60
    assert answer.status_code == 200


def test_what_the_audit_grew_by_is_sealed_within_five_minutes_and_nothing_else_is_written(demo):
    """Rows cut off together with a head set back are found only when they were sealed."""
    begun = demo.platform.real_now()
    with demo.sessions() as session:
        clockwork = Clockwork(demo.platform, session.get_bind())

    def looked(after: timedelta) -> tuple[int, int]:
        """How many checkpoints there are then, and how often something was written for them."""
        writes = []
        engine = clockwork._engine

        def see(_connection, _cursor, statement, *_more) -> None:
            if statement.startswith(("INSERT", "UPDATE audit", "DELETE")):
                writes.append(statement)

        event.listen(engine, "before_cursor_execute", see)
        with time_machine.travel(begun + after, tick=False):
            clockwork.look()
        event.remove(engine, "before_cursor_execute", see)
        with demo.sessions() as session:
            return session.scalar(select(func.count()).select_from(AuditCheckpoint)), len(writes)

    def grow() -> None:
        with demo.sessions() as session:
            begin_writing(session)
            account = session.get_one(UserAccount, demo.users["officer"])
            acting = demo.platform.acting(session, account.agency_id, account.id)
            entry = JournalEntry("user.signed_out", None, "user", account.id)
            audit.write(session, demo.platform.keyring, acting, entry)
            session.commit()

    grow()
    first, _ = looked(timedelta())
    grow()
    assert looked(timedelta(minutes=4)) == (first, 0), "not at every look"
    assert looked(timedelta(minutes=5))[0] == first + 1
    assert looked(timedelta(minutes=10)) == (first + 1, 0)


def test_the_health_of_the_process_needs_no_database(shell):
    assert shell.client().get("/health/live").json == {"status": "ok"}


def test_the_tour_has_six_steps(demo):
    assert demo.client().get("/demo/tour").text.count("app-tour__step") == 6


def _timer(demo, due) -> None:
    with demo.sessions() as session:
        begin_writing(session)
        account = session.get_one(UserAccount, demo.users["officer"])
        place = session.query(Establishment).filter_by(agency_id=account.agency_id).first()
        clock = Clock(
            id=uuid4(),
            agency_id=account.agency_id,
            case_id=uuid4(),
            establishment_id=place.id,
            guards="element",
            guarded_id=uuid4(),
            name="a clock",
            base_at=due,
            zone=place.zone,
            state="running",
        )
        session.add(clock)
        session.flush()
        session.add(
            Timer(
                id=uuid4(),
                agency_id=account.agency_id,
                clock_id=clock.id,
                kind="due",
                expression="PT5H",
                due_at=due,
                state="pending",
            )
        )
        session.commit()
