"""The personal link of a parent or buddy: its key, its words in five languages, and what keeps others out."""
