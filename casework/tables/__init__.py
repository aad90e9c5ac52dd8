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
from casework.tables.people import (
    Notification,
    NotificationSeen,
    Person,
    RoleHolding,
    UserAccount,
)
from casework.tables.record import Draft, EntryKey, EntryRead, RecordEntry

__all__ = [
    "AgendaItem",
    "Attendance",
    "AuditCheckpoint",
    "AuditHead",
    "AuditRow",
    "Case",
    "ChainEnd",
    "CommissionSession",
    "Counter",
    "Decision",
    "Document",
    "Draft",
    "EntryKey",
    "EntryRead",
    "Loan",
    "Notification",
    "NotificationSeen",
    "Opinion",
    "Person",
    "RecordEntry",
    "RoleHolding",
    "Round",
    "Seat",
    "Tally",
    "TaskMove",
    "UserAccount",
]
