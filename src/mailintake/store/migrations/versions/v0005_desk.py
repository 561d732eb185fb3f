"""The desk: one-time links, sessions, what is being typed."""

import sqlalchemy as sa
from alembic import op

from mailintake.store.types import UTCDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing was there before."""
    op.create_table(
        "desk_links",
        sa.Column("key_sha256", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("expires", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("key_sha256", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires", UTCDateTime(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
    )
    op.create_table(
        "desk_drafts",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("place", sa.String(), primary_key=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
