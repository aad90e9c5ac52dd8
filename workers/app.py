"""The Celery application: beat says "look now", workers do what the database says is due."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from celery import Celery

from casework import sweeping
from casework.database import open_engine, session_factory
from casework.hands import hands
from casework.platform import Platform, open_platform
from casework.schema import check
from casework.settings import Settings, SettingsError
from processes.sweep import Hands

LOOK_EVERY = 5.0


def make_celery(settings: Settings) -> Celery:
    """Celery on Redis; losing its queue loses nothing, since every task only says "look"."""
    celery = Celery("samverkan", broker=settings.redis_url)
    celery.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        task_default_queue="samverkan",
        timezone="UTC",
        beat_schedule={
            "look": {"task": "look", "schedule": LOOK_EVERY, "options": {"expires": LOOK_EVERY}},
            "seal": {"task": "seal", "schedule": timedelta(minutes=settings.seal_minutes)},
        },
    )
    return celery


def _settings() -> Settings:
    """The settings; what is wrong with them ends the process in words, without a traceback."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as problem:
        raise SystemExit(f"samverkan workers: {problem}") from None
    if settings.redis_url is None:
        raise SystemExit(
            "samverkan workers: Celery needs SAMVERKAN_REDIS_URL; without Redis run "
            "`samverkan clock` beside `samverkan web`"
        )
    return settings


celery = make_celery(_settings())


@dataclass(frozen=True)
class Worker:
    """What a worker process holds open."""

    platform: Platform
    hands: Hands


@lru_cache(maxsize=1)
def worker() -> Worker:
    """Opened once in each worker process, after the fork."""
    settings = _settings()
    engine = open_engine(settings.database_url)
    check(engine)
    platform = open_platform(settings)
    return Worker(platform, hands(platform, session_factory(engine)))


@celery.task(name="look")  # type: ignore[untyped-decorator]
def look() -> None:
    """Fire due timers and deliver what waits in the outbox."""
    sweeping.look(worker().platform, worker().hands)


@celery.task(name="seal")  # type: ignore[untyped-decorator]
def seal() -> None:
    """Seal the heads of the audit chains; destroy start forms left half-typed."""
    sweeping.seal(worker().platform, worker().hands)
