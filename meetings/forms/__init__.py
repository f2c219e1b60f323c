"""The forms of a meeting."""
