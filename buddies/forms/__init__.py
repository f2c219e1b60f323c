"""Forms of the buddies app: they validate what is typed; the actions decide."""
