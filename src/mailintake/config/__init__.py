"""YAML to frozen values: every error at once, with file, line and column."""
