"""The invented world in which the product is shown and its scenarios are played."""
