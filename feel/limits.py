"""The bounds within which an expression written by anyone may run."""

from __future__ import annotations

MAX_TEXT = 10_000  # characters of one expression
MAX_NAME = 200  # characters of a name of several words
MAX_NESTING = 30  # brackets, ifs and loops inside each other
MAX_DEPTH = 100  # operators waiting on each other
MAX_STEPS = 100_000  # closures called in loops, characters and items walked by functions
MAX_MADE = 10_000_000  # characters and list places that an evaluation makes, in all
MAX_CALLS = 30  # functions waiting on each other
MAX_STRING = 100_000  # characters
MAX_LIST = 10_000  # items
MAX_PATTERN = 200  # characters of a regular expression
MAX_DIGITS = 34  # of a number, as in decimal128
MAX_EXPONENT = 6144
