"""Sets papers: plain data into a template, out comes a tagged PDF (PDF/UA-1).

The data is handed over as JSON and never interpreted: what somebody typed stays words. What no
font here can draw is written as its code, as [U+1F600]: a paper never fails for a character.

A paper is set in a process of its own, with a time limit: the typesetter keeps threads, which a
server that forked has lost, and a transaction that waits for it must not wait for ever.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"

HOME = TEMPLATES.parent.parent
LONGEST = 60
"""Seconds; the minutes of a long session take one or two."""

_UNDRAWN = frozenset({"Cc", "Cf", "Cs"})
"""Controls, formats and halves of characters; noncharacters are asked for by themselves."""
_KEPT = frozenset("\n\u200c\u200d")
"""Lines, and what joins and parts letters."""
_DRAWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
"""Signs that count as formats and are drawn."""
_REFUSED = re.compile(
    r'the text `"(?P<text>(?:\\.|[^"\\])+)"` could not be displayed'
    r'|contains the disallowed codepoint `"(?P<point>[^"]+)"'
)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_ROUNDS = 4


class NotSet(RuntimeError):
    """The typesetter failed, or took too long; it says why."""


def pdf(template: str, content: Mapping[str, Any], at: datetime) -> bytes:
    """The paper as PDF/UA-1; `at` is the date of its making. NotSet when it cannot be made."""
    asked = json.dumps({"template": template, "content": content, "at": at.timestamp()})
    command = [sys.executable, "-m", "casework.typesetting"]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and this module
            command,
            cwd=HOME,
            input=asked.encode(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NotSet(f"the paper was not set within {LONGEST} seconds") from late
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def set_here(template: str, content: Mapping[str, Any], at: datetime) -> bytes:
    """The paper, set in this process."""
    words = _each_text(content, _drawable)
    refused: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return _made(template, _spelt(words, refused), at)
        except typst.TypstError as error:
            learnt = _characters(error) - refused
            if not learnt:
                raise
            refused |= learnt
    # the fonts have every letter of western Europe
    return _made(template, _each_text(words, lambda text: re.sub("[^\n -\u017f]", _code, text)), at)


def _made(template: str, content: Mapping[str, Any], at: datetime) -> bytes:
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
        sys_inputs={"content": json.dumps(_each_text(content, _drawable), ensure_ascii=False)},
        ignore_system_fonts=True,
    )
    return made if isinstance(made, list) else [made]


@lru_cache(maxsize=8)
def _source(template: str) -> bytes:
    return (TEMPLATES / f"{template}.typ").read_bytes()


def _each_text(content: Any, change: Callable[[str], str]) -> Any:
    """The content with every text in it changed; what names the parts stays."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, Mapping):
        return {key: _each_text(value, change) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_each_text(value, change) for value in content]
    return content


def _drawable(text: str) -> str:
    """Without characters that draw nothing: lines stay lines, and a tab is a space."""
    lines = "\n".join(text.splitlines()).replace("\t", " ")
    return "".join(c for c in lines if c in _KEPT or not _draws_nothing(c))


def _draws_nothing(character: str) -> bool:
    point = ord(character)
    if 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE:
        return True  # a noncharacter
    return unicodedata.category(character) in _UNDRAWN and not _DRAWN.match(character)


def _characters(error: typst.TypstError) -> set[str]:
    """Every character that typst says it cannot draw; the template's own are none of them."""
    found = set()
    for refused in _REFUSED.finditer(error.diagnostic):
        text = refused["text"] or refused["point"]
        found |= set(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))
    return {c for c in found if not c.isascii()}


def _spelt(content: Any, characters: set[str]) -> Any:
    codes = {ord(c): f"[U+{ord(c):04X}]" for c in characters}
    return _each_text(content, lambda text: text.translate(codes)) if codes else content


def _code(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def _answer() -> None:
    """What this module does as a process: a paper asked for in JSON, its bytes in return."""
    asked = json.load(sys.stdin)
    made = set_here(asked["template"], asked["content"], datetime.fromtimestamp(asked["at"], UTC))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _answer()
