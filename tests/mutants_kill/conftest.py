"""The invented world of the record's tests."""

from tests.casework_record.conftest import world

__all__ = ["world"]
