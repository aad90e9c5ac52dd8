"""The bounds within which a form definition, and what is typed into it, must stay."""

from __future__ import annotations

MAX_FILE = 512 * 1024  # bytes of a definition
MAX_COMPONENTS = 400
MAX_NESTING = 4  # groups and lists inside each other
MAX_CHOICES = 60
MAX_LABEL = 300  # characters of a label, a hint has three times as many
MAX_PROSE = 8_000  # characters of a text component
MAX_CONDITION = 2_000
MAX_CHAIN = 30  # conditions that wait for each other
MAX_PATTERN = 200
MAX_PROBLEMS = 100  # reported of one file
MAX_ITEMS = 20  # of a repeated part
MAX_LINE = 200  # characters typed into a text field, unless the form says otherwise
MAX_LINES = 4_000  # characters typed into a text area, unless the form says otherwise
MOST_LINE = 1_000
MOST_LINES = 20_000
MAX_DIGITS = 15  # of a number: what JSON carries without loss
MAX_PART = 40  # characters kept of a day, month, year or time
FIRST_YEAR, LAST_YEAR = 1900, 2199
MAX_UNKNOWN = 50  # names reported of what a post brings beside the form
