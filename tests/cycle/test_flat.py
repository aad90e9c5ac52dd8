"""A cycle that never ends: what is stored of it does not grow with its turns."""

from __future__ import annotations

from sqlalchemy import select

from casework.scenarios import ScenarioStep
from processes.tables import Clock, HumanTask, ProcessInstance, ProcessVersion, Subscription, Timer

TURNS = 12
LONG = "Read afresh in this turn: nothing new in the file, the work goes on, and he asks to move."


def turn(player) -> None:
    """One month: seen, viewed, evaluated, reviewed."""

    def do(task: str, role: str, **answers) -> None:
        player.step(ScenarioStep("complete", {"task": task, "as": role, "answers": answers}))

    player.step(ScenarioStep("wait", {"until": "P17D"}))
    do(
        "monitor_frames",
        "se.officer",
        frame_relations="Eats with others.",
        better="Works.",
        expression_seen="true",
        what="Told somebody whom he may meet.",
        when="@today-1D",
        source="own",
        harm="influence",
        contrary="They are old friends.",
    )
    do("monitor_view", "se.contact_person", how="declined", made_on="@today")
    do("monitor_evaluate", "se.security", evaluations="@waiting")
    do(
        "monitor_review",
        "se.security",
        changes="Read afresh.",
        client_view="None given.",
        monitor_review="continue",
        rhythm="one_month",
        reasons=LONG,
    )


def monitoring(case_id):
    """The instance that monitors the case."""
    return (
        select(ProcessInstance)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.state == "running")
        .where(ProcessVersion.model == "monitor")
    )


def test_what_is_stored_of_monitoring_does_not_grow_with_its_turns(told):
    at = told("late-review-suspends", "monitor_evaluate")
    player, sizes, beside = at.player, [], []
    first = {"task": "monitor_evaluate", "as": "se.security"}
    player.step(ScenarioStep("complete", {**first, "answers": {"evaluations": "@waiting"}}))
    review = {
        "changes": "Read afresh.",
        "client_view": "None given.",
        "monitor_review": "continue",
        "rhythm": "one_month",
        "reasons": LONG,
    }
    player.step(
        ScenarioStep("complete", {"task": "monitor_review", "as": "se.security", "answers": review})
    )
    for _ in range(TURNS):
        turn(player)
        with at.sessions() as session:
            instance = session.scalars(monitoring(at.played.case_id)).one()
            sizes.append(len(instance.engine_state))
            waits = [
                len(session.scalars(query).all())
                for query in (
                    select(HumanTask).where(HumanTask.state == "open"),
                    select(Clock).where(Clock.state == "running"),
                    select(Timer).where(Timer.state == "pending"),
                    select(Subscription).where(Subscription.instance_id == instance.id),
                )
            ]
            beside.append(waits)
    assert max(sizes) <= min(sizes[1:]) * 1.02, sizes
    assert all(waits == beside[-1] for waits in beside[7:]), beside
