"""Messages that a use case sends: kept once, handed to whoever waits."""

from processes import delivery, messages
from processes.tables import Message, Outbox
from tests.processes.world import flow, model, task

WAITS = (
    '<bpmn:startEvent id="begin"/>'
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m"/>'
    "</bpmn:intermediateCatchEvent>"
    + task("after")
    + '<bpmn:endEvent id="done"/>'
    + flow("begin", "wait")
    + flow("wait", "after")
    + flow("after", "done")
)
MODEL = model("waits", WAITS, "begin wait after done", '<bpmn:message id="m" name="called"/>')


def send(world, key="once", **payload):
    with world.writing() as session:
        return messages.send(
            session,
            world.acting(),
            name="called",
            case_id=world.case_id,
            place_id=world.place_id,
            sender_key=key,
            payload=payload,
            owner_role="staff",
        ).id


def test_a_message_sent_twice_by_the_same_sender_is_one_message(world):
    assert send(world) == send(world)
    assert send(world, key="other") != send(world)
    assert len(world.rows(Message)) == 2
    assert len(world.rows(Outbox)) == 2


def test_a_message_that_nobody_waits_for_is_kept_with_who_owes_the_answer(world):
    send(world)
    world.sweep()
    (kept,) = world.rows(Message)
    assert (kept.state, kept.owner_role) == ("kept", "staff")


def test_a_message_can_be_delivered_in_the_transaction_that_sends_it(world):
    world.deploy({"waits.bpmn": MODEL}, ["waits"])
    world.start("waits", "begin")
    with world.writing() as session:
        message = messages.send(
            session,
            world.acting(),
            name="called",
            case_id=world.case_id,
            place_id=world.place_id,
            sender_key="now",
            payload={},
        )
        delivery.deliver(session, world.platform, world.acting(), message)
    assert set(world.open_tasks()) == {"after"}
    assert world.sweep().failed == 0
