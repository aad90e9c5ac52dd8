"""Finds a Chromium on the machine; without one the tests say what to install."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WHAT_TO_DO = (
    "no Chromium: apt-get install chromium (or set CHROMIUM to the path of a Chromium or Chrome)"
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
)


def path() -> str:
    """Where Chromium is; the test is skipped where it is nowhere."""
    given = os.environ.get("CHROMIUM")
    found = given or next((where for name in NAMES if (where := shutil.which(name))), None)
    if not found:
        pytest.skip(WHAT_TO_DO)
    return found
