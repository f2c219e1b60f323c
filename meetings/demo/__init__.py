"""The demo school: invented people and what happens to them. Nobody in it exists."""
