"""Makes an installation out of an empty database: its mark, its agency, the packs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.demo.world import LONG_AGO, create_worlds
from casework.platform import Platform
from casework.settings import PREFIX, SettingsError
from processes import checks, packs, versions
from processes.acting import Acting
from processes.packs import Pack
from processes.tables import Agency, Installation

PACKS = {"FR": "france", "SE": "sweden"}


def prepare_installation(platform: Platform, session: Session) -> None:
    """Mark a new database as demo or as real; what it is once it stays."""
    if session.get(Installation, 1) is not None:
        return
    if platform.settings.demo:
        create_worlds(platform, session)
    else:
        session.add(Installation(id=1, demo=False, created_at=platform.real_now()))
        session.flush()


def load_packs(
    platform: Platform, session: Session, folder: Path | None = None
) -> list[checks.Problem]:
    """Deploy the pack of each agency's country; a pack with errors is refused as a whole.

    With a folder, the pack in it takes the place of the product's own.

    Gives the problems found; versions that run go on running.
    """
    problems: list[checks.Problem] = []
    _require_agencies(platform, session)
    for agency in _agencies(session):
        name = PACKS.get(agency.country)
        if name is None:
            continue
        pack = packs.read_pack(_folder_of(name, folder))
        found = check_pack(platform.ports.effects.names(), pack)
        problems += found
        if not any(problem.is_error for problem in found):
            acting = platform.acting(session, agency.id, None)
            versions.deploy_pack(
                session,
                _since_the_story_begins(session, acting),
                pack,
                begins=not is_off(platform, agency),
            )
    return problems


def is_off(platform: Platform, agency: Agency) -> bool:
    """Whether the agency's pack is switched off, there or everywhere."""
    name = PACKS.get(agency.country)
    return bool({name, f"{name}@{agency.name}"} & _switched_off(platform))


def _switched_off(platform: Platform) -> set[str]:
    named = (part.partition("@") for part in platform.settings.packs_off)
    return {pack.strip() + ("@" + agency.strip() if at else "") for pack, at, agency in named}


def _require_agencies(platform: Platform, session: Session) -> None:
    """A switch for an agency that is not here, or has another pack, would switch off nothing."""
    here = {f"{PACKS.get(agency.country)}@{agency.name}" for agency in _agencies(session)}
    for part in sorted(_switched_off(platform)):
        if "@" in part and part not in here:
            known = ", ".join(sorted(here)) or "none yet"
            raise SettingsError(f"{PREFIX}PACKS_OFF: there is no {part}; here are: {known}")


def _agencies(session: Session) -> list[Agency]:
    return list(session.scalars(select(Agency)))


def _folder_of(name: str, given: Path | None) -> Path:
    """Where an agency's pack is read: the given folder if it holds this one, else our own."""
    if given is not None and PACKS.get(packs.read_pack(given).country) == name:
        return given
    return packs.MODELS / name


def _since_the_story_begins(session: Session, acting: Acting) -> Acting:
    """The first models of a demo are in force before the oldest of the cases it will tell."""
    here = session.get(Installation, 1)
    if here is None or not here.demo or here.demo_played_at is not None:
        return acting
    return replace(acting, now=acting.now - LONG_AGO)


def check_pack(effects: frozenset[str], pack: Pack) -> list[checks.Problem]:
    """Everything that would make the pack run wrongly, each with element and remedy."""
    return checks.check_pack(pack, effects)
