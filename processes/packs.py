"""Process packs as folders: models, tables, forms, labels, and pack.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "processes" / "packs"
FORMS = ROOT / "forms" / "packs"
LANGUAGES = ("en", "fr", "sv")
"""The languages of the product; English is that of the models themselves."""


class PackError(Exception):
    """A pack that cannot be read; the words name the file and what to do."""


@dataclass(frozen=True)
class ParameterSeed:
    """A parameter as pack.toml gives it."""

    name: str
    value: str
    source: str
    mark: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    approved_by: str


@dataclass(frozen=True)
class Pack:
    """What pack.toml says, joined with the packs it extends."""

    id: str
    title: str
    country: str
    language: str
    starts: tuple[str, ...]
    also: tuple[str, ...]
    roles: Mapping[str, str]
    alias: Mapping[str, str]
    variables: Mapping[str, Mapping[str, Any]]
    effects: Mapping[str, tuple[str, ...]]
    parameters: tuple[ParameterSeed, ...]
    files: Mapping[str, bytes] = field(repr=False)
    form_folders: tuple[Path, ...] = ()
    """Where its forms were read from: those of the packs it extends first, then its own."""
    own: frozenset[str] = frozenset()
    """Its own files by name; the others are inherited, and used where something calls them."""

    def role(self, name: str) -> str:
        """The role behind a lane's role: an alias of a common part, or the name itself."""
        return self.alias.get(name, name)

    def definition(self) -> bytes:
        """The part that belongs into a bundle: roles, aliases, variables, effects."""
        kept = {
            "id": self.id,
            "country": self.country,
            "roles": dict(self.roles),
            "alias": dict(self.alias),
            "variables": {k: dict(v) for k, v in self.variables.items()},
            "effects": {k: list(v) for k, v in self.effects.items()},
        }
        return json.dumps(kept, sort_keys=True, default=str).encode()


def read_pack(folder: Path, forms: Path | None = None) -> Pack:
    """Read a pack and everything it extends; its own files win over inherited ones.

    Without `forms`, the forms that lie beside the pack are read, as `forms_of` finds them.
    """
    facts = _facts(folder)
    parents = [read_pack(folder.parent / name) for name in facts.get("extends", ())]
    files: dict[str, bytes] = {}
    for parent in parents:
        files |= parent.files
    forms = forms or forms_of(folder)
    own = _files(folder, forms)
    files |= own
    return Pack(
        id=facts["id"],
        title=facts["title"],
        country=facts.get("country", "FR"),
        language=facts.get("language", "en"),
        starts=tuple(facts.get("starts", ())),
        also=tuple(facts.get("also", ())),
        roles=_join([p.roles for p in parents], _names(facts.get("roles", {}))),
        alias=_join([p.alias for p in parents], facts.get("role_alias", {})),
        variables=_join([p.variables for p in parents], facts.get("variables", {})),
        effects=_join([p.effects for p in parents], _sets(facts.get("effects", {}))),
        parameters=_parameters([p.parameters for p in parents], facts.get("parameters", ())),
        files=files,
        form_folders=(*(f for p in parents for f in p.form_folders), forms),
        own=frozenset(own),
    )


def forms_of(folder: Path) -> Path:
    """The forms of a pack: of TREE/processes/packs/NAME those in TREE/forms/packs/NAME, if there
    are any, else those that the product has under this name."""
    above = folder.resolve().parents
    beside = above[2] / "forms" / "packs" / folder.resolve().name if len(above) > 2 else FORMS
    return beside if beside.is_dir() else FORMS / folder.resolve().name


def definition_of(raw: bytes) -> Pack:
    """A pack as a bundle keeps it: without files and parameters."""
    kept = json.loads(raw)
    return Pack(
        id=kept["id"],
        title=kept["id"],
        country=kept["country"],
        language="en",
        starts=(),
        also=(),
        roles=kept["roles"],
        alias=kept["alias"],
        variables=kept["variables"],
        effects={k: tuple(v) for k, v in kept["effects"].items()},
        parameters=(),
        files={},
    )


@lru_cache(maxsize=32)
def language(pack_id: str) -> str:
    """The language in which a pack's country writes its papers; English for an unknown pack."""
    folder = MODELS / pack_id
    if not (folder / "pack.toml").is_file():
        return LANGUAGES[0]
    return str(_facts(folder).get("language", LANGUAGES[0]))


@lru_cache(maxsize=32)
def functions(pack_id: str) -> frozenset[str]:
    """The functions that a service works with."""
    return frozenset(read_pack(MODELS / pack_id).roles)


@lru_cache(maxsize=32)
def labels(pack_id: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """Translated words of a pack's models: elements, flows, lanes, roles, documentation, codes;
    under `basis` the legal bases, by their words in the model; and the names of parameters."""
    folder = MODELS / pack_id
    joined: dict[str, dict[str, str]] = {}
    if not (folder / "pack.toml").is_file():
        return joined
    for name in (*_facts(folder).get("extends", ()), pack_id):
        path = MODELS / name / "labels" / f"{language}.json"
        if path.is_file():
            for section, words in json.loads(path.read_text("utf-8")).items():
                joined.setdefault(section, {}).update(words)
    return joined


def _facts(folder: Path) -> dict[str, Any]:
    path = folder / "pack.toml"
    if not path.is_file():
        raise PackError(f"{folder.name}: there is no pack.toml. Name a folder that holds a pack.")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{folder.name}/pack.toml cannot be read: {error}.") from error


def _files(folder: Path, forms: Path) -> dict[str, bytes]:
    found = {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if _is_model(p)}
    if forms.is_dir():
        found |= {p.name: p.read_bytes() for p in sorted(forms.glob("*.form"))}
    return found


def _is_model(path: Path) -> bool:
    return path.suffix in {".bpmn", ".dmn"}


def _join(parents: list[Mapping[str, Any]], own: Mapping[str, Any]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for part in (*parents, own):
        joined.update(part)
    return joined


def _names(roles: Mapping[str, Any]) -> dict[str, str]:
    return {role: facts["name"] for role, facts in roles.items()}


def _sets(effects: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(facts.get("sets", ())) for name, facts in effects.items()}


def _parameters(parents: list[tuple[ParameterSeed, ...]], own: Any) -> tuple[ParameterSeed, ...]:
    found = {(p.name, p.valid_from): p for part in parents for p in part}
    for facts in own:
        seed = ParameterSeed(
            name=facts["name"],
            value=str(facts["value"]),
            source=facts["source"],
            mark=facts["mark"],
            jurisdiction=facts.get("jurisdiction", ""),
            valid_from=facts["valid_from"],
            valid_to=facts.get("valid_to"),
            approved_by=facts.get("approved_by", ""),
        )
        found[seed.name, seed.valid_from] = seed
    return tuple(found.values())
