"""Writes mended copies of models into a folder of their own; the originals stay as they are."""

from __future__ import annotations

from pathlib import Path

from processes.checks import LooseFiles
from processes.engine.reading import MOST_BYTES
from webapp.cli import foreign_files

_BESIDE = frozenset({".toml", ".json"})


def refusal(paths: list[Path], mend: bool, out: Path | None) -> str | None:
    """Why nothing would be written: a model is never mended in its own place."""
    if not mend:
        return None if out is None else "--out is for --mend"
    if out is None:
        return "--mend needs --out FOLDER: the originals are never changed"
    if len(paths) > 1:
        return "--mend takes one PATH"
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        return f"{out} is there already: name a new or empty folder"
    if out.resolve().is_relative_to(paths[0].resolve()):
        return f"{out} lies inside {paths[0]}: name a folder beside it"
    return None


def write(loose: LooseFiles, path: Path, out: Path) -> int:
    """Look at everything in the path and write it to the folder, models mended; gives how many
    were. What belongs to a pack comes along, unchanged."""
    root = path.parent if path.is_file() else path
    out.mkdir(parents=True, exist_ok=True)
    mended = 0
    for kind, place in foreign_files.models_in(path):
        raw = foreign_files.read(place)
        found = loose.add(str(place), raw, kind)
        if isinstance(raw, bytes) and len(raw) <= MOST_BYTES:
            _put(out / place.relative_to(root), raw if found is None else found.raw)
            mended += found is not None and found.raw is not raw
    if (root / "pack.toml").is_file():
        for place in sorted(root.rglob("*")):
            if place.suffix in _BESIDE and place.is_file():
                _put(out / place.relative_to(root), place.read_bytes())
    return mended


def _put(place: Path, raw: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(raw)
