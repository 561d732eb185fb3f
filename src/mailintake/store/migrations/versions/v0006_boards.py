"""What the desk lists is found by indexes: cases by last day, mails by what was done with them, acts by time."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Indexes only."""
    op.create_index("ix_cases_due", "cases", ["due"])
    op.create_index("ix_messages_disposition_id", "messages", ["disposition", "id"])
    op.create_index("ix_acts_at", "acts", ["at"])
