"""Every table. No `from __future__ import annotations` here: SQLModel reads the annotations when the module loads.

Names of columns avoid reserved words (`case`, `to`, `values`). `sequence` and `id` columns give the order of arrival;
the clock may jump, they do not. A new column that may not be NULL needs a server_default, or filled databases cannot
be upgraded.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, MetaData, Table
from sqlmodel import Field, SQLModel

from mailintake.store.types import CleanText, Json, KeyText, UTCDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Base(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class MessageTable(_Base, table=True):
    """Mails by content. `claimed_by` and `claimed_until` are the lease of the worker that has it in hand."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "status", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    size: int = Field(sa_type=BigInteger)
    status: str
    disposition: str | None
    attempts: int
    next_try_at: datetime | None = Field(sa_type=UTCDateTime)
    claimed_by: str
    claimed_until: datetime | None = Field(sa_type=UTCDateTime)
    done_at: datetime | None = Field(sa_type=UTCDateTime)
    subject: str = Field(sa_type=CleanText)
    sender: str = Field(sa_type=CleanText)
    message_id: str = Field(sa_type=KeyText, index=True)
    message_class: str
    reason: str = Field(sa_type=CleanText)


class RefTable(_Base, table=True):
    """Where a mail was seen on a server."""

    __tablename__ = "message_refs"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True, sa_type=KeyText)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    message: int = Field(foreign_key="messages.id", index=True)


class ReadingTable(_Base, table=True):
    """Parsed mails."""

    __tablename__ = "readings"
    sha256: str = Field(primary_key=True, foreign_key="messages.sha256")
    body: Any = Field(sa_type=Json)


class FactsTable(_Base, table=True):
    """What readers measured of a file."""

    __tablename__ = "facts"
    sha256: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: Any = Field(sa_type=Json)


class TextTable(_Base, table=True):
    """Text of a file; NULL: it was tried and cannot be read here."""

    __tablename__ = "texts"
    sha256: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: Any = Field(sa_type=Json, nullable=True)


class CaseTable(_Base, table=True):
    """Cases: what lists and lookups need as columns, the whole value as JSON."""

    __tablename__ = "cases"
    number: str = Field(primary_key=True)
    procedure: str
    variant: str
    state: str = Field(index=True)
    company: str = Field(sa_type=CleanText)
    opened_at: datetime = Field(sa_type=UTCDateTime, index=True)
    last_received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    rule_version: str
    body: Any = Field(sa_type=Json)


class ParticipantTable(_Base, table=True):
    """Who may speak for a case, kept in step with its body."""

    __tablename__ = "case_participants"
    case_number: str = Field(primary_key=True, foreign_key="cases.number")
    addr: str = Field(primary_key=True, sa_type=KeyText, index=True)
    domain: str = Field(sa_type=KeyText, index=True)


class IdentifierTable(_Base, table=True):
    """Names, passport and card numbers of a case's people as types.key_of() writes them."""

    __tablename__ = "case_identifiers"
    case_number: str = Field(primary_key=True, foreign_key="cases.number")
    identifier: str = Field(primary_key=True, sa_type=KeyText, index=True)


class CaseMessageTable(_Base, table=True):
    """Which mails changed which case."""

    __tablename__ = "case_messages"
    case_number: str = Field(primary_key=True, foreign_key="cases.number")
    sha256: str = Field(primary_key=True, index=True)


class OutboxTable(_Base, table=True):
    """Letters and their fate."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "state", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    letter: str
    state: str
    mode: str
    recipients: Any = Field(sa_type=Json)
    copies: Any = Field(sa_type=Json)
    subject: str = Field(sa_type=CleanText)
    message_id: str = Field(unique=True)
    sha256: str
    case_number: str = Field(index=True)
    in_answer_to: str
    queued_at: datetime = Field(sa_type=UTCDateTime, index=True)
    send_after: datetime = Field(sa_type=UTCDateTime)
    attempts: int
    next_try_at: datetime | None = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(sa_type=UTCDateTime)
    last_answer: str = Field(sa_type=CleanText)
    rendered_for: date | None


class RecipientTable(_Base, table=True):
    """Addresses of a letter, for the limits."""

    __tablename__ = "outbox_recipients"
    __table_args__ = (Index(None, "addr", "queued_at"),)
    entry: int = Field(primary_key=True, foreign_key="outbox.id")
    addr: str = Field(primary_key=True, sa_type=KeyText)
    queued_at: datetime = Field(sa_type=UTCDateTime)


class NoticeTable(_Base, table=True):
    """Lines for staff."""

    __tablename__ = "notices"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    code: str
    text: str = Field(sa_type=CleanText)
    case_number: str
    message: str
    closed_at: datetime | None = Field(sa_type=UTCDateTime, index=True)
    why: str = Field(sa_type=CleanText)


class EventTable(_Base, table=True):
    """The log; `hash` covers the row and the hash before it."""

    __tablename__ = "events"
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)
    actor: str
    what: str
    case_number: str = Field(index=True)
    message: str
    data: Any = Field(sa_type=Json)
    previous: str
    hash: str


class NumberTable(_Base, table=True):
    """The last case number of each year."""

    __tablename__ = "case_numbers"
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class ValueTable(_Base, table=True):
    """Small facts of the program."""

    __tablename__ = "program_values"
    key: str = Field(primary_key=True, sa_type=KeyText)
    value: str = Field(sa_type=CleanText)


class SealTable(_Base, table=True):
    """The hash of a row as the program last wrote it."""

    __tablename__ = "row_seals"
    relation: str = Field(primary_key=True)
    row_key: str = Field(primary_key=True, sa_type=CleanText)
    hash: str


def _core(cls: type[SQLModel]) -> Table:
    table = cls.metadata.tables[str(cls.__tablename__)]
    assert isinstance(table, Table)  # noqa: S101 - narrows the type only
    return table


METADATA = _Base.metadata
MESSAGES, REFS, READINGS = _core(MessageTable), _core(RefTable), _core(ReadingTable)
FACTS, TEXTS = _core(FactsTable), _core(TextTable)
CASES, PARTICIPANTS = _core(CaseTable), _core(ParticipantTable)
IDENTIFIERS, CASE_MESSAGES = _core(IdentifierTable), _core(CaseMessageTable)
OUTBOX, RECIPIENTS, NOTICES = _core(OutboxTable), _core(RecipientTable), _core(NoticeTable)
EVENTS, NUMBERS, VALUES = _core(EventTable), _core(NumberTable), _core(ValueTable)
SEALS = _core(SealTable)
