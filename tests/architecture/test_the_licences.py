"""Every package in the bundle comes with its licence, and the mark one of them asks for stays."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
BUILD = ROOT / "webapp" / "static" / "build"
LISTED = re.compile(r"^- (\S+) (\S+): .*\[licences/(\S+)\]", re.MULTILINE)


def listed() -> dict[str, tuple[str, str]]:
    """Version and licence file of each package that the notice names."""
    notice = (FRONTEND / "NOTICE.md").read_text("utf-8")
    return {name: (version, file) for name, version, file in LISTED.findall(notice)}


def test_every_listed_package_has_its_licence_and_no_licence_is_left_over():
    files = {file for _, file in listed().values()}
    assert files == {path.name for path in (FRONTEND / "licences").iterdir()}
    for file in files:
        text = (FRONTEND / "licences" / file).read_text("utf-8")
        assert "THE SOFTWARE IS PROVIDED" in text, file
        assert "Copyright" in text or "Zero-Clause BSD" in text, file


def test_every_package_that_may_be_bundled_is_listed_in_the_version_that_is_locked():
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = {"bpmn-js", "govuk-frontend", "htmx.org"}
    seen: set[str] = set()
    while wanted - seen:  # with everything they need in turn; tools stay outside the bundle
        name = (wanted - seen).pop()
        seen.add(name)
        wanted |= set(lock[f"node_modules/{name}"].get("dependencies", {}))
    locked = {name: lock[f"node_modules/{name}"]["version"] for name in wanted}
    found = {name: version for name, (version, _) in listed().items()}
    assert found.items() <= locked.items()
    assert {"bpmn-js", "govuk-frontend", "htmx.org"} <= found.keys()


def test_the_mark_of_the_diagram_viewer_is_in_the_bundle_and_no_style_of_ours_touches_it():
    """Its licence: the code that shows the mark is neither removed nor changed nor overlapped."""
    (viewer,) = BUILD.glob("diagram-*.js")
    script = viewer.read_text("utf-8")
    assert "bjs-powered-by" in script
    assert "https://bpmn.io" in script
    ours = [*(FRONTEND / "src").rglob("*.scss"), *(FRONTEND / "src").rglob("*.js")]
    assert [path.name for path in ours if "powered-by" in path.read_text("utf-8")] == []
    assert "MUST NOT be" in (FRONTEND / "licences" / "bpmn-js.txt").read_text("utf-8")
