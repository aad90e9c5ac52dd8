"""`samverkan migrate`: one truthful line for each running instance, and nothing in a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from processes import advance, packs, versions
from processes.advance import Start
from processes.tables import Agency, Establishment, HumanTask, ProcessInstance, ProcessVersion
from tests.processes.world import FORM, flow, model, task
from webapp.cli.opening import Opened, open_installation

PARTS = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>'


def steps(first: str, name: str = "") -> bytes:
    body = PARTS + task(first) + task("second") + flow("begin", first)
    body += flow(first, "second") + flow("second", "done")
    raw = model("steps", body, f"begin {first} second done")
    return raw.replace(f'name="{first}"'.encode(), f'name="{name or first}"'.encode())


@pytest.fixture
def opened(samverkan, installation) -> Opened:
    return open_installation()


def deploy(opened: Opened, raw: bytes) -> None:
    with opened.writing() as session:
        agency = session.scalars(select(Agency)).one()
        pack = packs.read_pack(packs.MODELS / "france")
        pack = replace(pack, files={"steps.bpmn": raw, "F-YES.form": FORM})
        acting = opened.platform.acting(session, agency.id, None)
        versions.deploy(session, acting, pack, "steps")


@pytest.fixture
def start(opened: Opened) -> Callable[[], UUID]:
    """Begins an instance of the first version, in a case of its own."""
    deploy(opened, steps("look"))

    def begin() -> UUID:
        with opened.writing() as session:
            version = session.scalars(select(ProcessVersion).where(ProcessVersion.model == "steps"))
            place = session.scalars(select(Establishment).where(Establishment.kind == "prison"))
            north = place.one()
            acting = opened.platform.acting(session, north.agency_id, None)
            begun = Start(version.one().id, uuid4(), north.id, "begin", {})
            return advance.start_instance(session, opened.platform, acting, begun).instance.id

    return begin


def complete(opened: Opened, instance_id: UUID) -> None:
    with opened.writing() as session:
        mine = (HumanTask.instance_id == instance_id) & (HumanTask.state == "open")
        open_task = session.scalars(select(HumanTask).where(mine)).one()
        acting = opened.platform.acting(session, open_task.agency_id, None)
        advance.complete_task(session, opened.platform, acting, open_task.id, {})


def version_of(opened: Opened, instance_id: UUID) -> str:
    with opened.sessions() as session:
        instance = session.get_one(ProcessInstance, instance_id)
        return session.get_one(ProcessVersion, instance.version_id).digest[:12]


def test_running_instances_are_tried_carried_over_and_put_back(samverkan, opened, start):
    one, other = start(), start()
    first = version_of(opened, one)
    deploy(opened, steps("look", "Look closely"))
    tried = samverkan("migrate", "steps", "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert f"{one}: would be carried over (look kept)" in tried.out
    assert "2 instances: 2 would be carried over, 0 refused." in tried.out
    assert version_of(opened, one) == first
    done = samverkan("migrate", "steps")
    assert (done.code, done.err) == (0, "")
    assert f"{other}: carried over (look kept)" in done.out
    assert version_of(opened, one) != first
    assert "0 instances" in samverkan("migrate", "steps").out
    back = samverkan("migrate", "steps", "--undo")
    assert back.code == 0
    assert f"{one}: put back" in back.out
    assert version_of(opened, one) == version_of(opened, other) == first


def test_one_that_is_refused_stays_and_the_others_go(samverkan, opened, start):
    stays, goes = start(), start()
    first = version_of(opened, stays)
    complete(opened, goes)
    deploy(opened, steps("see"))
    said = samverkan("migrate", "steps")
    assert said.code == 1
    assert f"{stays}: refused\n  “look” is open and has no counterpart" in said.out
    assert f"{goes}: carried over (second kept)" in said.out
    assert "2 instances: 1 were carried over, 1 refused." in said.out
    assert version_of(opened, stays) == first
    mended = samverkan("migrate", "steps", "--map", "look=see")
    assert mended.code == 0
    assert f"{stays}: carried over (look renamed to see)" in mended.out


def test_what_has_moved_on_is_not_put_back(samverkan, opened, start):
    moved, still = start(), start()
    deploy(opened, steps("see"))
    samverkan("migrate", "steps", "--map", "look=see")
    complete(opened, moved)
    said = samverkan("migrate", "steps", "--undo", "--dry-run")
    assert said.code == 1
    assert f"{moved}: refused\n  The case has moved on since" in said.out
    assert f"{still}: would be put back" in said.out


def test_versions_are_listed_and_chosen_by_the_beginning_of_their_digest(samverkan, opened, start):
    one = start()
    first = version_of(opened, one)
    deploy(opened, steps("see"))
    listed = samverkan("migrate", "steps", "--list").out
    assert f"{first}" in listed
    assert "1 running\n" in listed
    assert "0 running, in force" in listed
    samverkan("migrate", "steps", "--map", "look=see")
    back = samverkan("migrate", "steps", "--to", first[:8], "--map", "see=look")
    assert back.code == 0, back.out
    assert version_of(opened, one) == first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none",), "there is no model none here"),
        (("steps", "--to", "xyz"), "there is no version xyz"),
        (("steps", "--map", "look"), "write OLD=NEW"),
    ],
)
def test_a_mistyped_model_version_or_pair_begins_nothing(samverkan, start, arguments, words):
    start()
    said = samverkan("migrate", *arguments)
    assert said.code == 2
    assert words in said.err
