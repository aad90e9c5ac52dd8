"""Makes the ids of a drawn form its own, so that a page can hold the same form many times."""

from __future__ import annotations

import re

from markupsafe import Markup

_NAMING = re.compile(
    r'\b(id|for|aria-describedby|aria-labelledby|aria-controls|data-aria-controls)="([^"]+)"'
)
_LINK = re.compile(r'\bhref="#([^"]+)"')


def numbered(html: Markup, prefix: str) -> Markup:
    """The same fields, every id and whatever names it under a prefix; posted names stay."""

    def rename(found: re.Match[str]) -> str:
        names = " ".join(prefix + name for name in found[2].split())
        return f'{found[1]}="{names}"'

    renamed = _NAMING.sub(rename, str(html))
    return Markup(_LINK.sub(rf'href="#{prefix}\1"', renamed))  # noqa: S704 - ids alone change
