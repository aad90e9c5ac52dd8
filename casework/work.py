"""What a member of staff does with tasks: see them, open, claim, complete, hand back."""

from casework.completing import complete
from casework.holding import claim, hand_back, release, save_draft
from casework.pages import (
    CaseFacts,
    Choice,
    Completed,
    ConcordanceRow,
    Deadline,
    EarlierObservation,
    Eligible,
    Fact,
    Filters,
    HandBackTarget,
    Material,
    MyWork,
    NextStep,
    PersonFacts,
    Place,
    SeatChoice,
    TaskPage,
    WorkRow,
)
from casework.refusals import AlreadyDone, ChangedMeanwhile, Refused
from casework.taskpage import open_task
from casework.worklist import my_work

__all__ = [
    "AlreadyDone",
    "CaseFacts",
    "ChangedMeanwhile",
    "Choice",
    "Completed",
    "ConcordanceRow",
    "Deadline",
    "EarlierObservation",
    "Eligible",
    "Fact",
    "Filters",
    "HandBackTarget",
    "Material",
    "MyWork",
    "NextStep",
    "PersonFacts",
    "Place",
    "Refused",
    "SeatChoice",
    "TaskPage",
    "WorkRow",
    "claim",
    "complete",
    "hand_back",
    "my_work",
    "open_task",
    "release",
    "save_draft",
]
