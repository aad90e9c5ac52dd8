"""Deployed versions: immutable bundles in the database, compiled models in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import FormDefinition, load_form
from processes.acting import Acting
from processes.engine import Element, Model, compile_model
from processes.outbox import offer_kept
from processes.packs import Pack, definition_of
from processes.tables import (
    BundleFile,
    Parameter,
    ProcessVersion,
    Subscription,
    VersionFile,
)

PACK_FILE = "pack.json"


class NotDeployed(Exception):
    """No active version of a model in this agency."""


class Models:
    """Versions as compiled models and forms; cached, since a version never changes."""

    def __init__(self) -> None:
        self._versions: dict[UUID, tuple[Model, Pack, dict[str, bytes]]] = {}

    def model(self, session: Session, version_id: UUID) -> Model:
        """The compiled model of a version."""
        return self._load(session, version_id)[0]

    def pack(self, session: Session, version_id: UUID) -> Pack:
        """Roles, aliases and variables as the version was deployed with."""
        return self._load(session, version_id)[1]

    def files(self, session: Session, version_id: UUID) -> Mapping[str, bytes]:
        """All files of the version by name."""
        return self._load(session, version_id)[2]

    def form(self, session: Session, version_id: UUID, name: str) -> FormDefinition:
        """A form of the version, such as F-OBS."""
        return _form(self.files(session, version_id)[f"{name}.form"], name)

    def _load(self, session: Session, version_id: UUID) -> tuple[Model, Pack, dict[str, bytes]]:
        known = self._versions.get(version_id)
        if known is None:
            version = session.get_one(ProcessVersion, version_id)
            files = _files_of(session, version_id)
            model = compile_model(_drawn(files), version.model)
            known = (model, definition_of(files[PACK_FILE]), files)
            self._versions[version_id] = known
        return known


@lru_cache(maxsize=512)
def _form(raw: bytes, name: str) -> FormDefinition:
    return load_form(raw, name)


def _files_of(session: Session, version_id: UUID) -> dict[str, bytes]:
    rows = session.execute(
        select(VersionFile.name, BundleFile.content)
        .join(BundleFile, BundleFile.id == VersionFile.file_id)
        .where(VersionFile.version_id == version_id)
    )
    return {row.name: row.content for row in rows}


def active_version(session: Session, agency_id: UUID, model: str) -> ProcessVersion:
    """The version in which new instances start; NotDeployed when there is none."""
    found = session.scalars(
        select(ProcessVersion).where(
            ProcessVersion.agency_id == agency_id,
            ProcessVersion.model == model,
            ProcessVersion.active,
        )
    ).first()
    if found is None:
        raise NotDeployed(f"No version of “{model}” is deployed here. Load its pack first.")
    return found


def first_active(session: Session, agency_id: UUID, models: Iterable[str]) -> ProcessVersion:
    """The version in force of the first of these models that the agency uses."""
    for model in models:
        try:
            return active_version(session, agency_id, model)
        except NotDeployed as missing:
            last = missing
    raise last


def closure(pack: Pack, top: str) -> dict[str, bytes]:
    """The files that a top-level model needs, and no others; with the pack's definition."""
    model = compile_model(_drawn(pack.files), top)
    names = {info.file for info in model.processes.values()}
    names |= {f"{element.form}.form" for element in model.elements.values() if element.form}
    names |= {_table_of(pack, e.decision) for e in model.elements.values() if e.decision}
    return {name: pack.files[name] for name in sorted(names)} | {PACK_FILE: pack.definition()}


def _drawn(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name.endswith((".bpmn", ".dmn"))}


def _table_of(pack: Pack, decision: str) -> str:
    marker = f'id="{decision}"'.encode()
    for name, raw in pack.files.items():
        if name.endswith(".dmn") and marker in raw:
            return name
    raise NotDeployed(f"No table of the pack holds the decision “{decision}”.")


def deploy_pack(
    session: Session, acting: Acting, pack: Pack, *, begins: bool = True
) -> list[ProcessVersion]:
    """Load a pack that was checked: seed its parameters, deploy its top-level models.

    With `begins=False` its own processes begin nowhere: instances that run go on, and messages that
    would begin one are kept until the pack is loaded again. The common parts beside them stay in
    force, since what runs needs them: whoever is late is reminded, whoever waits is told.
    """
    seed_parameters(session, acting, pack)
    if not begins:
        for top in pack.starts:
            switch_off(session, acting, top)
    tops = (*pack.starts, *pack.also) if begins else pack.also
    return [deploy(session, acting, pack, top) for top in tops]


def switch_off(session: Session, acting: Acting, top: str) -> None:
    """From now on nothing begins in this model; `deploy` takes it back into use."""
    mine = (ProcessVersion.agency_id == acting.agency_id) & (ProcessVersion.model == top)
    session.execute(update(ProcessVersion).where(mine).values(active=False))
    _end_subscriptions(session, acting, top)


def deploy(session: Session, acting: Acting, pack: Pack, top: str) -> ProcessVersion:
    """Deploy one top-level model; the same content again is the same version.

    An earlier version that is taken back into use is in force from now on, not from its first day.
    """
    files = closure(pack, top)
    digest = bundle_digest(files)
    mine = (ProcessVersion.agency_id == acting.agency_id) & (ProcessVersion.model == top)
    known = session.scalars(select(ProcessVersion).where(mine, ProcessVersion.digest == digest))
    version = known.first()
    if version is not None and version.active:
        return version
    session.execute(update(ProcessVersion).where(mine).values(active=False))
    if version is None:
        version = _write(session, acting, pack, top, files, digest)
    version.active, version.deployed_at = True, acting.now
    session.flush()
    _subscribe_starts(session, acting, version, compile_model(_drawn(files), top))
    return version


def bundle_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents, in the order of names."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def _write(
    session: Session, acting: Acting, pack: Pack, top: str, files: dict[str, bytes], digest: str
) -> ProcessVersion:
    version = ProcessVersion(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        pack=pack.id,
        model=top,
        title=compile_model(_drawn(files), top).title,
        digest=digest,
        deployed_at=acting.now,
        active=True,
    )
    session.add(version)
    session.flush()
    for name, raw in files.items():
        stored = _store(session, acting, raw)
        session.add(
            VersionFile(
                id=acting.new_id(),
                agency_id=acting.agency_id,
                version_id=version.id,
                file_id=stored.id,
                name=name,
                kind=name.rsplit(".", 1)[-1],
            )
        )
    return version


def _store(session: Session, acting: Acting, raw: bytes) -> BundleFile:
    digest = hashlib.sha256(raw).hexdigest()
    same = (BundleFile.agency_id == acting.agency_id) & (BundleFile.digest == digest)
    known = session.scalars(select(BundleFile).where(same)).first()
    if known is not None:
        return known
    stored = BundleFile(id=acting.new_id(), agency_id=acting.agency_id, digest=digest, content=raw)
    session.add(stored)
    session.flush()
    return stored


def _subscribe_starts(
    session: Session, acting: Acting, version: ProcessVersion, model: Model
) -> None:
    """The active version's message starts wait for their messages; an older one's no longer do."""
    _end_subscriptions(session, acting, version.model)
    for start in model.starts:
        if start.message:
            session.add(_start_subscription(acting, version, start))
            offer_kept(session, acting, start.message)


def _end_subscriptions(session: Session, acting: Acting, top: str) -> None:
    older = select(ProcessVersion.id).where(
        ProcessVersion.agency_id == acting.agency_id, ProcessVersion.model == top
    )
    for row in session.scalars(select(Subscription).where(Subscription.version_id.in_(older))):
        session.delete(row)


def _start_subscription(acting: Acting, version: ProcessVersion, start: Element) -> Subscription:
    return Subscription(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        name=start.message,
        version_id=version.id,
        element_id=start.id,
        key=start.correlation or "case",
    )


def seed_parameters(session: Session, acting: Acting, pack: Pack) -> None:
    """Add the pack's parameters that are not there yet; a row that is there is never changed."""
    rows = session.execute(
        select(Parameter.name, Parameter.valid_from).where(Parameter.agency_id == acting.agency_id)
    )
    known = {(row.name, row.valid_from) for row in rows}
    for seed in pack.parameters:
        if (seed.name, seed.valid_from) in known:
            continue
        session.add(
            Parameter(
                id=acting.new_id(),
                agency_id=acting.agency_id,
                pack=pack.id,
                name=seed.name,
                value=seed.value,
                source=seed.source,
                mark=seed.mark,
                jurisdiction=seed.jurisdiction,
                valid_from=seed.valid_from,
                valid_to=seed.valid_to,
                approved_by=seed.approved_by,
            )
        )
    session.flush()
