"""What the steps of the cycle are done from: the newest of each, for a cycle has no end."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS: Mapping[str, tuple[str, ...]] = {
    "F-EXPR": ("F-OBS", "F-REPORT", "F-TRIAGE", "F-FRAMES"),
    "F-BACK": ("F-OBS", "F-REPORT", "F-EXPR"),
    "F-TALK": ("F-OBS", "F-REPORT", "F-EXPR", "F-BACK"),
    "F-OPEN": ("F-EXPR", "F-BACK", "F-TALK", "F-STMT"),
    "F-RESULT": ("F-EXPR", "F-BACK", "F-STMT", "F-OPEN", "F-CONTRARY", "F-BIAS"),
    "F-CATEGORY": ("F-OPEN", "F-RESULT", "F-STMT", "F-CAT-CHECK"),
    "F-CAT-CHECK": ("F-OPEN", "F-CATEGORY"),
    "F-CONSEQ": ("F-OPEN", "F-CATEGORY", "F-STMT"),
    "F-WORDS": ("F-CATEGORY", "F-CONSEQ"),
    "F-SECOND": ("F-CONTEST", "F-CATEGORY", "F-CAT-CHECK", "F-OPEN", "F-STMT"),
    "F-SEPARATION": ("F-OPEN", "F-CONSEQ"),
    "F-ACTION": ("F-CONSEQ", "F-SEPARATION", "F-REPLY"),
    "F-REPLY": ("F-ACTION",),
    "F-EVAL": ("F-FRAMES", "F-STMT", "F-REPLY", "F-MONITOR"),
    "F-MONITOR": ("F-FRAMES", "F-STMT", "F-EVAL", "F-MONITOR"),
    "F-LIFT": ("F-MONITOR",),
    "F-CONTRARY": ("F-EXPR", "F-BACK", "F-OPEN"),
    "F-BIAS": ("F-EXPR", "F-BACK", "F-OPEN"),
    "F-NOTICE": ("F-RESULT", "F-CATEGORY", "F-CAT-CHECK"),
    "F-RECEIPT": ("F-SECOND", "F-LIFT"),
    "F-SUPPORT": ("F-RESULT",),
    "F-FIND": ("F-RESULT", "F-MONITOR", "F-EVAL"),
}
"""Beside what a common step is done from everywhere."""
