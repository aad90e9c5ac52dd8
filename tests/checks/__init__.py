"""Proofs about the checks before loading."""
