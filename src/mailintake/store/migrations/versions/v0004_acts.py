"""What people do: revisions and versions of cases, acts as they can be taken back, words that can be erased, staff."""

import sqlalchemy as sa
from alembic import op

from mailintake.store.types import UTCDateTime

revision = "0004"
down_revision = "0003"


def _text(name: str, **options: object) -> sa.Column[str]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})  # type: ignore[arg-type]


def _whole(name: str, **options: object) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **{"nullable": False, **options})  # type: ignore[arg-type]


def upgrade() -> None:
    """A case from before has the revision 0; its first version is kept when it is written next."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("cases", recreate="always" if sqlite else "never") as cases:
        before = "body" if sqlite else None
        cases.add_column(_whole("revision", server_default="0"), insert_before=before)
        cases.add_column(_text("assigned", server_default=""), insert_before=before)
        cases.add_column(_whole("told_late", server_default="0"), insert_before=before)
    with op.batch_alter_table("outbox") as outbox:
        for name in ("words", "approved_by", "approved_sha256", "before_sha256"):
            outbox.add_column(_text(name, server_default=""))
    _without_defaults()
    with op.batch_alter_table("digests") as digests:
        digests.add_column(sa.Column("body", sa.LargeBinary(), nullable=True))
    op.create_table(
        "case_versions",
        _text("case_number", primary_key=True),
        _whole("revision", primary_key=True, autoincrement=False),
        _whole("event"),
        _whole("restores", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Index(None, "event"),
    )
    op.create_table(
        "acts",
        _whole("event", primary_key=True, autoincrement=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        _text("act"),
        _text("target"),
        _text("by"),
        sa.Column("body", sa.JSON(), nullable=False),
        _whole("undone_by", nullable=True),
    )
    op.create_table(
        "event_words",
        _whole("event", primary_key=True, autoincrement=False),
        _text("what", primary_key=True),
        _text("case_number", index=True),
        _text("sha256"),
        _text("words", nullable=True),
    )
    op.create_table(
        "decisions",
        sa.Column("sha256", sa.String(), sa.ForeignKey("messages.sha256"), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table("staff", _text("name", primary_key=True), _text("role"), _text("mail"))


def _without_defaults() -> None:
    """They were for the rows that were there; a program that forgets a column is to be told."""
    columns = {
        "cases": ("revision", "assigned", "told_late"),
        "outbox": ("words", "approved_by", "approved_sha256", "before_sha256"),
    }
    for name, added in columns.items():
        with op.batch_alter_table(name) as table:
            for column in added:
                table.alter_column(column, server_default=None)
