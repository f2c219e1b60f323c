"""What members do: one function per write, keyword-only, in one transaction, with one audit event."""
