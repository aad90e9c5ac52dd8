"""The product's catalogues, for papers: sentences that are written with no reader in front.

Pages bring their reader's language along (`Speaking`); a paper speaks its establishment's.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from casework.words import Speaking
from processes import packs

CATALOGUES = Path(__file__).resolve().parent.parent / "webapp" / "translations"


@lru_cache(maxsize=8)
def speaking(language: str) -> Speaking:
    """A language of the product; English stands in the code itself."""
    found = gettext.translation("messages", CATALOGUES, [language], fallback=True)
    return Speaking(language, lambda text: found.gettext(text) if text else text)


def of_pack(pack_id: str) -> Speaking:
    """The language in which a pack's country writes."""
    return speaking(packs.language(pack_id))
