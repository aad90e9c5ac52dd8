"""Placement of a person: decisions told, rejected, reconsidered by others, taken to a court."""
