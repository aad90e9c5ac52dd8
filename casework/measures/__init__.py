"""Measures: who may decide, what was decided, how it ends, how it is contested."""
