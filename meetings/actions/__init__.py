"""What members do with a meeting: one function per write, keyword-only, in one transaction, with one event."""
