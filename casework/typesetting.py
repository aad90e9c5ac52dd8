"""Sets papers: plain data into a template, out comes a tagged PDF (PDF/UA-1).

The data is handed over as JSON and never interpreted: what somebody typed stays words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"


def pdf(template: str, content: Mapping[str, Any], at: datetime) -> bytes:
    """The paper as PDF/UA-1; `at` is the date of its making."""
    made = typst.compile(
        _source(template),
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("the paper came out in parts")
    return made


def pictures(template: str, content: Mapping[str, Any]) -> list[bytes]:
    """The pages as PNG, to look at."""
    made: Any = typst.compile(
        _source(template),
        format="png",
        ppi=90,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        ignore_system_fonts=True,
    )
    return made if isinstance(made, list) else [made]


@lru_cache(maxsize=8)
def _source(template: str) -> bytes:
    return (TEMPLATES / f"{template}.typ").read_bytes()
