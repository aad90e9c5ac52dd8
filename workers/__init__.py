"""Celery: a clock and hands. Holds no rule."""
