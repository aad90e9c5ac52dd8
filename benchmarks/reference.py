"""A bare SQLite transaction, to compare with: the same number of rows, and nothing else."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

from benchmarks.timing import Samples, sample

RUNS = 60


def bare_transaction(data: Path, rows: int) -> Samples:
    """Insert so many rows of two ids and 200 bytes, in one committed transaction, in WAL mode."""
    connection = sqlite3.connect(data / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, other TEXT, words TEXT)")
    connection.execute("CREATE INDEX bare_other ON bare (other)")

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(rows):
            values = (uuid.uuid4().hex, uuid.uuid4().hex, "x" * 200)
            connection.execute("INSERT INTO bare VALUES (?, ?, ?)", values)
        connection.execute("COMMIT")

    found = sample(write, RUNS)
    connection.close()
    return found
