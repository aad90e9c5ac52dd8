"""The evaluation unit: who assesses, blind; the stay with its last day; what a release leaves."""
