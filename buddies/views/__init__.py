"""Pages of the buddies app: one module per thing a member works with."""
