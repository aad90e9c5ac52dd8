"""Measures pages, bytes, start, engine, expressions, audit and deadlines; no test depends on it."""
