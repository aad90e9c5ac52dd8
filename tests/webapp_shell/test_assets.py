"""The committed style and script: small, compressed, cached, and what the sources build."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from webapp.assets import BUILD, manifest

ROOT = Path(__file__).parents[2]
BUDGET = 120_000


def test_every_built_file_carries_the_hash_of_its_content():
    for name, built in manifest().items():
        digest = hashlib.sha256((BUILD / built).read_bytes()).hexdigest()[:12]
        assert built == f"{Path(name).stem}-{digest}{Path(name).suffix}"


def test_nothing_stands_in_the_build_that_the_manifest_does_not_name():
    known = {"manifest.json", *manifest().values(), *(f"{n}.gz" for n in manifest().values())}
    assert {path.name for path in BUILD.iterdir()} == known


def test_every_compressed_file_is_its_original():
    for built in manifest().values():
        assert gzip.decompress((BUILD / f"{built}.gz").read_bytes()) == (BUILD / built).read_bytes()


def test_a_task_page_with_its_diagram_moves_less_than_120_kilobytes():
    wanted = ("main.css", "main.js", "diagram.css", "diagram.js")
    assert sum((BUILD / f"{manifest()[name]}.gz").stat().st_size for name in wanted) < BUDGET


def test_a_browser_that_can_gets_the_compressed_file_and_keeps_it(shell):
    address = f"/static/{manifest()['main.js']}"
    answer = shell.client().get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    plain = shell.client().get(address)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(answer.data) == plain.data


def test_only_files_of_the_manifest_are_served(shell):
    assert shell.client().get("/static/manifest.json").status_code == 404
    assert shell.client().get("/static/..%2f..%2fapp.py").status_code == 404


def test_a_page_names_only_files_that_exist(shell):
    page = shell.client().get("/sign-in").text
    for name in ("main.css", "main.js", "mark.svg"):
        assert f"/static/{manifest()[name]}" in page


def test_the_theme_is_our_own():
    style = (BUILD / manifest()["main.css"]).read_text()
    assert "GDS Transport" not in style
    assert "crest" not in style
    assert "@font-face" not in style


def test_the_lock_file_names_no_address():
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())


@pytest.mark.skipif(
    not shutil.which("node") or not (ROOT / "frontend" / "node_modules").exists(),
    reason="the style and script are rebuilt where Node and frontend/node_modules are",
)
def test_the_committed_build_is_what_the_sources_build():
    subprocess.run(["node", "build.js", "--check"], cwd=ROOT / "frontend", check=True)
