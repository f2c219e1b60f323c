"""What the pages of a meeting show, read from the database."""
