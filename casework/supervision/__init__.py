"""Programmes in care units (QPR): their security measures, reviews, transfers and ends."""
