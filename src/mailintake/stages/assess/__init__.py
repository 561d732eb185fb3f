"""A case held against its list."""
