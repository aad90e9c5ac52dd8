"""SQLAlchemy tables of casework."""

from casework.tables.audit import AuditCheckpoint, AuditHead, AuditRow, ChainEnd
from casework.tables.cases import Case, Decision, Loan, Round, Seat, Tally, TaskMove
from casework.tables.commission import (
    AgendaItem,
    Attendance,
    CommissionSession,
    Counter,
    Document,
    Opinion,
)
from casework.tables.consent import ConsentCell, Sharing
from casework.tables.cycle import Category, Evaluation, MonitoringReview, SharedAction
from casework.tables.measures import ClockPause, Delegation, Measure, Remedy, WithheldElement
from casework.tables.people import (
    Notification,
    NotificationSeen,
    Person,
    RoleHolding,
    Transfer,
    UserAccount,
)
from casework.tables.placement import CourtPart
from casework.tables.record import Draft, EntryKey, EntryRead, RecordEntry
from casework.tables.supervision import ContactDay
from casework.tables.units import Stay, Unit

__all__ = [
    "AgendaItem",
    "Attendance",
    "AuditCheckpoint",
    "AuditHead",
    "AuditRow",
    "Case",
    "Category",
    "ChainEnd",
    "ClockPause",
    "CommissionSession",
    "ConsentCell",
    "ContactDay",
    "Counter",
    "CourtPart",
    "Decision",
    "Delegation",
    "Document",
    "Draft",
    "EntryKey",
    "EntryRead",
    "Evaluation",
    "Loan",
    "Measure",
    "MonitoringReview",
    "Notification",
    "NotificationSeen",
    "Opinion",
    "Person",
    "RecordEntry",
    "Remedy",
    "RoleHolding",
    "Round",
    "Seat",
    "SharedAction",
    "Sharing",
    "Stay",
    "Tally",
    "TaskMove",
    "Transfer",
    "Unit",
    "UserAccount",
    "WithheldElement",
]
