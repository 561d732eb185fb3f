"""The first schema: mails, cases, letters and the log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Names of keys and indexes come from the naming convention of the metadata."""
    _mails()
    _cases()
    _letters()
    _log()


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})


def _whole(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **{"nullable": False, **options})


def _time(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), **{"nullable": False, **options})


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _mails() -> None:
    op.create_table(
        "messages",
        _whole("id", primary_key=True),
        _text("sha256", unique=True),
        _time("received_at", index=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _text("status"),
        _text("disposition", nullable=True),
        _whole("attempts"),
        _time("next_try_at", nullable=True),
        _text("claimed_by"),
        _time("claimed_until", nullable=True),
        _time("done_at", nullable=True),
        _text("subject"),
        _text("sender"),
        _text("message_id", index=True),
        _text("message_class"),
        _text("reason"),
        sa.Index(None, "status", "id"),
    )
    op.create_table(
        "message_refs",
        _text("mailbox", primary_key=True),
        _text("folder", primary_key=True),
        sa.Column("uidvalidity", sa.BigInteger(), primary_key=True),
        sa.Column("uid", sa.BigInteger(), primary_key=True),
        sa.Column("message", sa.Integer(), sa.ForeignKey("messages.id"), nullable=False, index=True),
    )
    op.create_table(
        "readings",
        sa.Column("sha256", sa.String(), sa.ForeignKey("messages.sha256"), primary_key=True),
        _json("body"),
    )
    for table, may_be_unreadable in (("facts", False), ("texts", True)):
        op.create_table(
            table,
            _text("sha256", primary_key=True),
            _whole("version", primary_key=True),
            _json("body", nullable=may_be_unreadable),
        )


def _cases() -> None:
    op.create_table(
        "cases",
        _text("number", primary_key=True),
        _text("procedure"),
        _text("variant"),
        _text("state", index=True),
        _text("company"),
        _time("opened_at", index=True),
        _time("last_received_at", index=True),
        _text("rule_version"),
        _json("body"),
    )
    lookups = {
        "case_participants": (_text("addr", primary_key=True, index=True), _text("domain", index=True)),
        "case_identifiers": (_text("identifier", primary_key=True, index=True),),
        "case_messages": (_text("sha256", primary_key=True, index=True),),
    }
    for name, columns in lookups.items():
        case = sa.Column("case_number", sa.String(), sa.ForeignKey("cases.number"), primary_key=True)
        op.create_table(name, case, *columns)
    op.create_table("case_numbers", _whole("year", primary_key=True, autoincrement=False), _whole("last"))


def _letters() -> None:
    op.create_table(
        "outbox",
        _whole("id", primary_key=True),
        _text("letter"),
        _text("state"),
        _text("mode"),
        _json("recipients"),
        _json("copies"),
        _text("subject"),
        _text("message_id", unique=True),
        _text("sha256"),
        _text("case_number", index=True),
        _text("in_answer_to"),
        _time("queued_at", index=True),
        _time("send_after"),
        _whole("attempts"),
        _time("next_try_at", nullable=True),
        _time("sent_at", nullable=True),
        _text("last_answer"),
        sa.Column("rendered_for", sa.Date(), nullable=True),
        sa.Index(None, "state", "id"),
    )
    op.create_table(
        "outbox_recipients",
        sa.Column("entry", sa.Integer(), sa.ForeignKey("outbox.id"), primary_key=True),
        _text("addr", primary_key=True),
        _time("queued_at"),
        sa.Index(None, "addr", "queued_at"),
    )


def _log() -> None:
    op.create_table(
        "notices",
        _whole("id", primary_key=True),
        _time("at"),
        _text("code"),
        _text("text"),
        _text("case_number"),
        _text("message"),
        _time("closed_at", nullable=True, index=True),
        _text("why"),
    )
    op.create_table(
        "events",
        _whole("sequence", primary_key=True, autoincrement=False),
        _time("at"),
        _text("actor"),
        _text("what"),
        _text("case_number", index=True),
        _text("message"),
        _json("data"),
        _text("previous"),
        _text("hash"),
    )
    op.create_table("program_values", _text("key", primary_key=True), _text("value"))
