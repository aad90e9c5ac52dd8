"""The cycle that never ends: categories, sharing for action, monitoring, evaluation."""
