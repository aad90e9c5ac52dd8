"""Proofs about the engine package."""
