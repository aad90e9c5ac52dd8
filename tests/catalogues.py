"""Says what a language lacks, what was compiled from older words, and what the bundle lacks.

`python -m tests.catalogues` prints each finding with what to do; exit code 1 if there is any.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from casework.demo.world import WORLDS
from feel.decisions import load_decisions
from processes.engine.drawing import draw
from processes.packs import FORMS, MODELS, read_pack

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "webapp" / "static" / "build"
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@dataclass(frozen=True)
class Language:
    """What must be whole in a language, and how it sets its signs."""

    code: str
    name: str
    packs: tuple[str, ...]
    """The packs whose models and questions are read in it; one that is not there yet is none."""
    wrong: re.Pattern[str]
    """Signs set against the language's typography."""
    remedy: str

    @property
    def pages(self) -> Path:
        """The catalogue of pages and rules."""
        return ROOT / "webapp" / "translations" / self.code / "LC_MESSAGES"

    @property
    def questions(self) -> Path:
        """The catalogue of forms."""
        return ROOT / "forms" / "translations" / self.code / "LC_MESSAGES"


FRENCH = Language(
    "fr",
    "French",
    ("common", "france"),
    re.compile(
        r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»|(?<![\u00a0\u202f\W])[;?!](?!\w)|[ ][:;?!]"
    ),
    "put no-break spaces before : ; ? ! and inside « »",
)
SWEDISH = Language(
    "sv",
    "Swedish",
    ("common", "sweden"),
    re.compile(r"[«»“„\"]|[ \u00a0\u202f][:;?!]"),
    "quote with ” ” and put no space before : ; ? !",
)
LANGUAGES = (FRENCH, SWEDISH)


def findings() -> Iterator[str]:
    """Everything that a reader would miss in his or her language, or that was not built anew."""
    pages, demo = _said_by_pages(), _functions_of_demo()
    for language in LANGUAGES:
        yield from _missing("pages", language, language.pages, pages)
        yield from _missing("demo", language, language.pages, demo)
        yield from _missing("forms", language, language.questions, _said_by_forms(language))
        for folder in (language.pages, language.questions):
            yield from _compiled(folder)
            yield from _spaces(language, folder)
            yield from _places(language, folder)
        for pack in _packs_of(language):
            yield from _labels(language, pack)
    yield from _packs_in_no_language()
    yield from _bundle()


def _packs() -> list[Path]:
    return sorted(path.parent for path in MODELS.glob("*/pack.toml"))


def _packs_of(language: Language) -> list[Path]:
    return [folder for folder in _packs() if folder.name in language.packs]


def _packs_in_no_language() -> Iterator[str]:
    named = {pack for language in LANGUAGES for pack in language.packs}
    for folder in _packs():
        if folder.name not in named:
            yield f"{_short(folder)}: no language is asked of it; name it in tests/catalogues.py"


# -- catalogues -----------------------------------------------------------------------------


def _said_by_pages() -> set[str]:
    """The sentences of pages and rules, as Babel finds them by babel.cfg."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as template:
        asked = ["-q", "extract", "-F", "babel.cfg", "-k", "_l", "-k", "say", "-o", template.name]
        command = [sys.executable, "-m", "babel.messages.frontend", *asked, "."]
        subprocess.run(command, cwd=ROOT, check=True)
        with open(template.name, "rb") as source:
            return {_key(message) for message in read_po(source) if message.id}


def _said_by_forms(language: Language) -> set[str]:
    """The questions of the language's packs, and the fixed sentences of the part that asks them."""
    said: set[str] = set()
    for pack in language.packs:
        for path in sorted((FORMS / pack).glob("*.form")):
            said |= {str(found[1]) for found in extract_from_file("forms.messages:extract", path)}
    for path in sorted((ROOT / "forms").glob("*.py")):
        said |= {str(found[1]) for found in extract_from_file("python", path)}
    return said


def _functions_of_demo() -> set[str]:
    """The functions of the invented staff, which the demo shows in the reader's language."""
    facts = [tomllib.loads(path.read_text("utf-8")) for path in WORLDS.values()]
    return {user["function"] for world in facts for user in world["user"]}


def _missing(what: str, language: Language, folder: Path, said: set[str]) -> Iterator[str]:
    known = {_key(message) for message in _source(folder) if _is_whole(message)}
    for words in sorted(said - known):
        where = f"{_short(folder)}/messages.po"
        yield f"{where}: no {language.name} for “{words}” of the {what}; add it"


def _compiled(folder: Path) -> Iterator[str]:
    written = {_key(m): _texts(m) for m in _source(folder) if _is_whole(m)}
    with (folder / "messages.mo").open("rb") as file:
        compiled = {_key(m): _texts(m) for m in read_mo(file) if m.id}
    if compiled != written:
        where = _short(folder)
        remedy = f".venv/bin/pybabel compile -i {where}/messages.po -o {where}/messages.mo"
        yield f"{where}/messages.mo: compiled from other words than messages.po has; run {remedy}"


def _places(language: Language, folder: Path) -> Iterator[str]:
    """A translation names what its sentence names: %(who)s, {count}."""
    for message in _source(folder):
        if _is_whole(message):
            wanted = set(PLACES.findall(_texts_of_id(message)[-1]))
            given = [set(PLACES.findall(text)) for text in _texts(message)]
            if given[-1] != wanted or not all(places <= wanted for places in given):
                where = f"{_short(folder)}/messages.po"
                yield f"{where}: “{_key(message)}” has other places in {language.name}"


def _spaces(language: Language, folder: Path) -> Iterator[str]:
    """Signs are set as the language sets them: quotation marks, and spaces before : ; ? !"""
    for message in _source(folder):
        for text in _texts(message) if message.id else ():
            if language.wrong.search(text):
                yield f"{_short(folder)}/messages.po: “{text}”: {language.remedy}"


def _source(folder: Path) -> Catalog:
    with (folder / "messages.po").open("rb") as file:
        return read_po(file, locale=folder.parent.name)


def _is_whole(message: Message) -> bool:
    return bool(message.id) and not message.fuzzy and all(_texts(message))


def _key(message: Message) -> str:
    context: str | bytes | None = message.context
    if isinstance(context, bytes):  # so it comes from a compiled catalogue
        context = context.decode("utf-8")
    return (f"{context}: " if context else "") + _texts_of_id(message)[0]


def _texts_of_id(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _texts(message: Message) -> tuple[str, ...]:
    given = message.string
    return (given,) if isinstance(given, str) else tuple(given)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


# -- labels ---------------------------------------------------------------------------------


def _labels(language: Language, folder: Path) -> Iterator[str]:
    """Each word of a pack's own models is in the language, and no label is left of what is gone."""
    path = folder / "labels" / f"{language.code}.json"
    if not path.is_file():
        yield f"{_short(path)}: the labels of the pack {folder.name} are missing"
        return
    labels = json.loads(path.read_text("utf-8"))
    asked, shapes = _asked(folder)
    for section, words in asked.items():
        for name in sorted(words.keys() - labels.get(section, {}).keys()):
            said = f"{section}.{name} (“{words[name][:60]}”)"
            yield f"{_short(path)}: {said} has no {language.name}; add it"
    for section in ("elements", "flows", "models"):
        for name in sorted(labels.get(section, {}).keys() - shapes):
            yield f"{_short(path)}: {section}.{name} names nothing any more; remove it"
    for words in sorted(labels.get("basis", {}).keys() - asked["basis"].keys()):
        yield f"{_short(path)}: basis “{words}” stands in no model any more; remove it"


def _asked(folder: Path) -> tuple[Mapping[str, dict[str, str]], set[str]]:
    """The words of the models by section, and every id that is drawn."""
    asked: dict[str, dict[str, str]] = {
        section: {}
        for section in ("elements", "flows", "lanes", "models", "documentation", "basis")
    }
    shapes: set[str] = set()
    for path in sorted(folder.glob("*.bpmn")):
        raw = path.read_bytes()
        shapes |= set(re.findall(r'\bid="([^"]+)"', raw.decode("utf-8")))
        for drawn in draw(path.name, raw).processes:
            info = drawn.info
            asked["models"][info.id] = info.name
            asked["documentation"][info.id] = info.documentation
            asked["lanes"] |= {lane.id: lane.name for lane in info.lanes}
            asked["flows"] |= {flow.id: flow.name or "" for flow in drawn.flows.values()}
            for element in drawn.elements.values():
                asked["elements"][element.id] = element.name or ""
                asked["documentation"][element.id] = element.documentation
                basis = element.legal_basis or ""
                asked["basis"][basis] = basis
    for path in folder.glob("competence.dmn"):  # its rows are told: why this function decides
        for rule in load_decisions(path.read_bytes()).rules("competence"):
            asked["documentation"][rule.id or ""] = rule.words
    asked["parameters"] = {name: name for name in _parameters(folder)}
    asked["roles"] = dict(read_pack(folder).roles) if folder.name == "common" else _own(folder)
    return {s: {k: v for k, v in words.items() if v} for s, words in asked.items()}, shapes


def _parameters(folder: Path) -> set[str]:
    """The parameters that this pack sets."""
    facts = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
    return {parameter["name"] for parameter in facts.get("parameters", ())}


def _own(folder: Path) -> dict[str, str]:
    """The roles that this pack adds to those of the common parts."""
    common = read_pack(MODELS / "common").roles
    return {k: v for k, v in read_pack(folder).roles.items() if k not in common}


# -- bundle ---------------------------------------------------------------------------------


def _bundle() -> Iterator[str]:
    """The committed bundle is whole: each file is there, under the hash of its content."""
    named = json.loads((BUILD / "manifest.json").read_text("utf-8"))
    for name, built in sorted(named.items()):
        for path in (BUILD / built, BUILD / f"{built}.gz"):
            if not path.is_file():
                yield f"{_short(path)}: named by the manifest and missing; run make front-end"
        if (BUILD / built).is_file():
            digest = hashlib.sha256((BUILD / built).read_bytes()).hexdigest()[:12]
            if built != f"{Path(name).stem}-{digest}{Path(name).suffix}":
                yield f"{_short(BUILD / built)}: changed by hand; run make front-end"


def main() -> int:
    found = list(findings())
    for words in found:
        print(words)
    print(f"Catalogues, labels and bundle: {len(found) or 'no'} findings.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
