"""Clients on the way out and outside: release, consent cell by cell, sharing, probation (SE-7)."""
