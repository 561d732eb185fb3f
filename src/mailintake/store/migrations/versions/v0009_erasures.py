"""Somebody's data are erased: what is left to do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A table."""
    op.create_table(
        "erasures",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("what", "sha256", name="pk_erasures"),
    )
