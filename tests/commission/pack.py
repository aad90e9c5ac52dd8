"""The French pack with the commission deployed; what it calls elsewhere ends at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from processes import packs
from processes.packs import Pack
from tests.engine import xml

CALLED = {
    "contradiction": (),
    "decide-measure": (),
    "transmit-to-judiciary": (),
    "close-and-erase": (),
}


@cache
def commission_pack() -> Pack:
    """Models that are not there yet are stood in for by ones that begin and end."""
    pack = packs.read_pack(packs.MODELS / "france")
    stubs = {f"{name}.bpmn": _empty(name) for name in CALLED if f"{name}.bpmn" not in pack.files}
    also = dict.fromkeys((*pack.also, "commission", "commission-session"))
    starts = tuple(name for name in pack.starts if name not in also)
    return replace(pack, files={**stubs, **pack.files}, starts=starts, also=tuple(also))


def _empty(name: str) -> bytes:
    ids = f"{name}_begin", f"{name}_end"
    return xml.model(xml.start(ids[0]), xml.end(ids[1]), xml.chain(*ids), id=name)
