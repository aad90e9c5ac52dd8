"""The built-in functions, by what they work on."""
