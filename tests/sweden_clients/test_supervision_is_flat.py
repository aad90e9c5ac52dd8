"""Supervision for years: what is stored of it does not grow with its contacts."""

from __future__ import annotations

from sqlalchemy import select

from processes.tables import HumanTask, ProcessInstance, ProcessVersion, Subscription, Timer

TURNS = 8
MET = {"met_on": "@today", "took_place": "yes", "talked": "The course and the flat."}


def test_what_is_stored_of_supervision_does_not_grow_with_its_contacts(before):
    standing = before("breach-and-statute", "F-BREACH", do="begin")
    sizes, beside = [], []
    for _ in range(TURNS):
        standing.step("wait", until="P15D", hour=10)
        standing.step(
            "complete", task="supervision_contact", **{"as": "probation.bjork"}, answers=MET
        )
        with standing.sessions() as session:
            instance = session.scalars(
                select(ProcessInstance)
                .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
                .where(ProcessVersion.model == "probation")
            ).one()
            sizes.append(len(instance.engine_state))
            mine = Subscription.instance_id == instance.id
            beside.append(len(session.scalars(select(Subscription).where(mine)).all()))
            assert len(session.scalars(select(Timer).where(Timer.state == "pending")).all()) < 12
            assert len(session.scalars(select(HumanTask)).all()) < 60
    assert max(sizes) <= min(sizes[1:]) * 1.05, sizes
    assert len(set(beside)) == 1, beside
