"""Every word of every mail is found by an index."""

import sqlalchemy as sa
from alembic import op

from mailintake.store.mail_words import make_words
from mailintake.store.types import TermText

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """A table, filled from the mails that were read already."""
    op.create_table(
        "desk_mail_words",
        sa.Column("gram", TermText(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "block", name="pk_desk_mail_words"),
    )
    make_words(op.get_bind())
