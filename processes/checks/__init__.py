"""Says before a pack is loaded what would go wrong in it: where, why, and what to do."""

from processes.checks.loose import Kind, LooseFiles, check_loose, told
from processes.checks.reading import read_bounded
from processes.checks.whole import check_files, check_pack
from processes.engine import Problem

__all__ = [
    "Kind",
    "LooseFiles",
    "Problem",
    "check_files",
    "check_loose",
    "check_pack",
    "read_bounded",
    "told",
]
