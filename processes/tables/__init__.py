"""SQLAlchemy tables of the platform; a table never holds a rule."""

from processes.tables.base import AgencyOwned, Base, Identified, Instant
from processes.tables.instances import (
    HistoryEvent,
    HumanTask,
    Incident,
    InstanceMigration,
    ProcessInstance,
)
from processes.tables.places import Agency, CalendarOverride, Establishment, Installation
from processes.tables.versions import BundleFile, Parameter, ProcessVersion, VersionFile
from processes.tables.waiting import Clock, Message, Outbox, Subscription, Timer

__all__ = [
    "Agency",
    "AgencyOwned",
    "Base",
    "BundleFile",
    "CalendarOverride",
    "Clock",
    "Establishment",
    "HistoryEvent",
    "HumanTask",
    "Identified",
    "Incident",
    "Installation",
    "InstanceMigration",
    "Instant",
    "Message",
    "Outbox",
    "Parameter",
    "ProcessInstance",
    "ProcessVersion",
    "Subscription",
    "Timer",
    "VersionFile",
]
