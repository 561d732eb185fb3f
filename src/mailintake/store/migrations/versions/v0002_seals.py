"""Seals: a hash of every row as the program last wrote it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The rows that are there are sealed after the last migration, by schema.py."""
    op.create_table(
        "row_seals",
        sa.Column("relation", sa.String(), primary_key=True),
        sa.Column("row_key", sa.String(), primary_key=True),
        sa.Column("hash", sa.String(), nullable=False),
    )
