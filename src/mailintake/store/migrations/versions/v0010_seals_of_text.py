"""Seals cover JSON by its text instead of its value worded anew; every row is sealed again after each upgrade."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """No table changes."""
