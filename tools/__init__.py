"""What `make` runs: set-up, demo, checks and tests. Standard library only, started by the system's Python."""
