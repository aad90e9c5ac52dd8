"""The product's catalogues, for papers: sentences that are written with no reader in front.

Pages bring their reader's language along (`Speaking`); a paper speaks its establishment's.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from casework.words import Speaking
from processes import packs

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = (ROOT / "webapp" / "translations", ROOT / "forms" / "translations")
"""Sentences of pages and rules, then the questions of forms."""


@lru_cache(maxsize=8)
def speaking(language: str) -> Speaking:
    """A language of the product; English stands in the code itself."""
    first, *others = (_read(folder, language) for folder in CATALOGUES)
    for other in others:
        first.add_fallback(other)
    return Speaking(language, lambda text: first.gettext(text) if text else text)


def _read(folder: Path, language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", folder, [language], fallback=True)


def of_pack(pack_id: str) -> Speaking:
    """The language in which a pack's country writes."""
    return speaking(packs.language(pack_id))
