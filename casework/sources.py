"""What stands behind a sentence of a model: its source tag, read in words."""

from __future__ import annotations

import re

from casework.words import Speaking

_TAG = re.compile(r"\s*\[([^\]]*)\]\s*$")
_MARKED = re.compile(r"([LOPSD])\s*:\s*(.+)", re.DOTALL)


def apart(documentation: str, speaking: Speaking) -> tuple[str, str]:
    """The sentence, and in words the sources that stand after it in square brackets."""
    found = _TAG.search(documentation)
    if found is None:
        return documentation.strip(), ""
    told = [_in_words(part.strip(), speaking) for part in found[1].split(";")]
    return documentation[: found.start()].strip(), " · ".join(part for part in told if part)


def _in_words(part: str, speaking: Speaking) -> str:
    """The mark before a source says what carries it; a default carries itself."""
    marked = _MARKED.match(part)
    if marked is None:
        return part
    say, source = speaking.say, marked[2].strip()
    words = {
        "L": say("Law: {source}", source=source),
        "O": say("Oversight: {source}", source=source),
        "P": say("Practice: {source}", source=source),
        "S": say("Recommendation: {source}", source=source),
    }
    return words.get(marked[1], source[0].upper() + source[1:])
