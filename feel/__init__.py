"""FEEL, the one expression language of conditions, timers, tables and forms."""
