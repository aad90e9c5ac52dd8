"""Drafts: kept while typing, seen by their author alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from casework import record, startdrafts
from casework.keyring import Unreadable
from casework.tables import Draft
from tests.casework_record.world import NOW, World


def save(world: World, user, task_id, raw, revision=None) -> Draft:
    return record.save_draft(
        world.platform, world.session, world.acting(user), task_id, raw, revision
    )


def load(world: World, user, task_id):
    return record.load_draft(world.platform, world.session, user.id, task_id)


def test_what_was_typed_comes_back_as_it_was(both):
    user, task = both.user(), both.new_id()
    save(both, user, task, {"what": "half a sent", "when": "31/02"})
    both.session.commit()
    both.session.expire_all()
    assert load(both, user, task) == ({"what": "half a sent", "when": "31/02"}, 1)


def test_one_draft_stands_for_a_task_and_an_author(world):
    user, task = world.user(), world.new_id()
    first = save(world, user, task, {"a": "1"})
    second = save(world, user, task, {"a": "2"}, first.revision)
    assert (first.id, second.revision) == (second.id, 2)
    assert world.session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_same_saved_again_is_no_change(world):
    user, task = world.user(), world.new_id()
    first = save(world, user, task, {"a": "1", "b": ["2"]})
    sealed = first.ciphertext
    again = save(world, user, task, {"b": ["2"], "a": "1"}, 1)
    assert (again.revision, again.ciphertext) == (1, sealed)
    assert save(world, user, task, {"a": "1"}, 1).revision == 2
    assert save(world, user, task, {"a": "1", "b": ["2"]}, 2).revision == 3, "back is a change"


def test_a_draft_that_does_not_open_any_more_is_written_anew(world):
    user, task = world.user(), world.new_id()
    save(world, user, task, {"a": "1"}).ciphertext = b"damaged"
    assert save(world, user, task, {"a": "1"}, 1).revision == 2
    assert load(world, user, task) == ({"a": "1"}, 2)


def test_the_same_start_form_saved_again_is_no_change(world):
    user, person = world.user(), world.new_id()
    begin(world, user, person)
    assert begin(world, user, person, revision=1).revision == 1
    assert begin(world, user, person, what="more", revision=1).revision == 2


def test_of_two_tabs_the_one_that_knows_less_overwrites_nothing(world):
    user, task = world.user(), world.new_id()
    save(world, user, task, {"a": "1"})
    save(world, user, task, {"a": "from tab one"}, 1)
    with pytest.raises(record.NewerDraft):
        save(world, user, task, {"a": "from tab two"}, 1)
    assert load(world, user, task) == ({"a": "from tab one"}, 2)
    save(world, user, task, {"a": "from tab two, knowing"}, 2)
    assert load(world, user, task) == ({"a": "from tab two, knowing"}, 3)


def test_a_draft_dropped_in_another_tab_goes_on_above_what_the_page_knows(world):
    user, task = world.user(), world.new_id()
    save(world, user, task, {"a": "1"})
    record.drop_draft(world.platform, world.session, user.id, task)
    assert save(world, user, task, {"a": "2"}, 1).revision == 2


def test_nobody_sees_the_draft_of_another(world):
    author, other, task = world.user(), world.user(), world.new_id()
    save(world, author, task, {"a": "1"})
    assert load(world, other, task) is None


def test_a_draft_put_in_anothers_name_does_not_open(world):
    author, other, task = world.user(), world.user(), world.new_id()
    save(world, author, task, {"a": "1"})
    world.session.execute(update(Draft).values(author_id=other.id))
    world.session.expire_all()
    with pytest.raises(Unreadable):
        load(world, other, task)


def begin(world: World, user, person_id, form="F-OBS", what="half", revision=None) -> Draft:
    return startdrafts.save(
        world.platform,
        world.session,
        world.acting(user),
        person_id,
        form,
        {"what": what},
        revision,
    )


def begun(world: World, user) -> set[tuple]:
    drafts = startdrafts.of_author(world.platform, world.session, user.id)
    return {(draft.person_id, draft.form, draft.raw["what"], draft.revision) for draft in drafts}


def test_a_start_form_has_one_draft_for_each_author_form_and_person(world):
    user, other, one, two = world.user(), world.user(), world.new_id(), world.new_id()
    begin(world, user, one)
    begin(world, user, one, what="more", revision=1)
    begin(world, user, one, "F-REPORT")
    begin(world, user, two)
    begin(world, other, one)
    save(world, user, world.new_id(), {"a": "of a task"})
    assert begun(world, user) == {
        (one, "F-OBS", "more", 2),
        (one, "F-REPORT", "half", 1),
        (two, "F-OBS", "half", 1),
    }
    startdrafts.drop(world.platform, world.session, user.id, one, "F-OBS")
    assert {found[:2] for found in begun(world, user)} == {(one, "F-REPORT"), (two, "F-OBS")}


def test_no_column_of_a_draft_says_whom_it_is_about(world):
    person_id = world.new_id()
    row = begin(world, world.user(), person_id)
    assert person_id not in [getattr(row, column.key) for column in Draft.__table__.columns]


def test_a_dropped_draft_is_gone(world):
    user, task = world.user(), world.new_id()
    save(world, user, task, {"a": "1"})
    record.drop_draft(world.platform, world.session, user.id, task)
    record.drop_draft(world.platform, world.session, user.id, task)
    assert load(world, user, task) is None


def test_a_draft_is_sealed(world):
    draft = save(world, world.user(), world.new_id(), {"a": "something said"})
    assert b"something said" not in draft.ciphertext


def test_a_deadline_writes_no_draft(world):
    with pytest.raises(ValueError, match="a draft needs an author"):
        save(world, None, world.new_id(), {"a": "1"})


def test_a_start_form_left_for_thirty_days_is_destroyed_and_a_draft_of_a_task_is_not(world):
    user, task = world.user(), world.new_id()
    begin(world, user, world.new_id())
    save(world, user, task, {"a": "1"})
    assert startdrafts.drop_old(world.session, NOW + timedelta(days=30)) == 0
    assert startdrafts.drop_old(world.session, NOW + timedelta(days=31)) == 1
    assert (begun(world, user), load(world, user, task)) == (set(), ({"a": "1"}, 1))


def test_an_error_of_the_database_does_not_say_what_was_written(both):
    with pytest.raises(DBAPIError) as refused:
        both.session.execute(text("INSERT INTO nowhere VALUES (:what)"), {"what": "He prays"})
    assert "He prays" not in str(refused.value)


def test_a_revision_that_somebody_made_up_spoils_no_draft(both):
    user, task = both.user(), both.new_id()
    save(both, user, task, {"a": "1"}, 9223372036854775806)
    save(both, user, task, {"a": "2"}, 2**80)
    with pytest.raises(record.NewerDraft):
        save(both, user, task, {"a": "3"}, -(2**80))
    assert load(both, user, task)[0] == {"a": "2"}
