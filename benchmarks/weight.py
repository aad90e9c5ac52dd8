"""How many bytes of script and style a task page moves, compressed, with what it loads later."""

from __future__ import annotations

import gzip
import re

from benchmarks.pages import one_page
from benchmarks.prepared import Worlds
from benchmarks.tables import say, show
from webapp.assets import BUILD

LIMIT = 120_000
_STATIC = re.compile(r"/static/([\w.-]+\.(?:js|css))")


def run(worlds: Worlds) -> None:
    """Print the table."""
    with worlds.copy() as data:
        page = one_page(data)
    rows, whole = [], 0
    for name in sorted(set(_STATIC.findall(page))):
        plain, packed = (BUILD / name).read_bytes(), moved(name)
        whole += packed
        rows.append((name, kb(len(plain)), kb(packed), "later" if "diagram" in name else "at once"))
    rows.append(("script and style together", "", kb(whole), f"of {kb(LIMIT)} allowed"))
    html = page.encode()
    rows.append(("the page itself", kb(len(html)), kb(len(gzip.compress(html))), "at once"))
    show("What a task page moves", ("file", "plain", "compressed", "when"), rows)
    say("Files carry their hash in the name: they move once for each release, then never again.")


def moved(name: str) -> int:
    """Bytes of the file as the server sends it."""
    squeezed = BUILD / f"{name}.gz"
    plain = (BUILD / name).read_bytes()
    return squeezed.stat().st_size if squeezed.exists() else len(gzip.compress(plain))


def kb(count: int) -> str:
    """Thousands of bytes."""
    return f"{count / 1000:.1f} kB"
