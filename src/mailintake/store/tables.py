"""Every table. No `from __future__ import annotations` here: SQLModel reads the annotations when the module loads.

Names of columns avoid reserved words (`case`, `to`, `values`). `sequence` and `id` columns give the order of arrival;
the clock may jump, they do not. A new column that may not be NULL needs a server_default in its migration, or filled
databases cannot be upgraded; the migration takes the default away again.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, MetaData, Table, text
from sqlmodel import Field, SQLModel

from mailintake.store.types import CleanText, Json, KeyText, TermText, UTCDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Base(SQLModel):
    model_config = {"defer_build": True}  # rows are written by us: nobody asks for validators
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class MessageTable(_Base, table=True):
    """Mails by content. `claimed_by` names the worker that has it in hand."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "status", "id"), Index(None, "disposition", "id"))
    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    size: int = Field(sa_type=BigInteger)
    status: str
    disposition: str | None
    attempts: int
    next_try_at: datetime | None = Field(sa_type=UTCDateTime)
    claimed_by: str
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
    """Cases: a summary of each in columns (model.summary), and the whole value as JSON. The columns stand before the
    body, because SQLite finds what lies behind a long value only by reading all of it."""

    __tablename__ = "cases"
    __table_args__ = (Index(None, "due", "number", "state", "due_kind", "provisional"),)
    number: str = Field(primary_key=True)
    procedure: str
    variant: str
    state: str = Field(index=True)
    company: str = Field(sa_type=CleanText, index=True)
    opened_at: datetime = Field(sa_type=UTCDateTime, index=True)
    last_received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    rule_version: str
    city: str = Field(sa_type=CleanText)
    people: Any = Field(sa_type=Json)
    verdict: str | None
    due: date | None
    due_kind: str | None
    provisional: bool
    todo: Any = Field(sa_type=Json)
    findings: Any = Field(sa_type=Json)
    flags: Any = Field(sa_type=Json)
    reasons: Any = Field(sa_type=Json)
    first_answer: str | None
    revision: int
    assigned: str = Field(sa_type=CleanText)
    told_late: int
    body: Any = Field(sa_type=Json)


class VersionTable(_Base, table=True):
    """Every revision of a case: the event that wrote it, the earlier one it is a copy of, and, compressed, the value
    (model.codec), where it is not the present one. Without a value: the case was taken back there."""

    __tablename__ = "case_versions"
    __table_args__ = (Index(None, "event"),)
    case_number: str = Field(primary_key=True)
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event: int
    restores: int | None
    body: bytes | None


class ActTable(_Base, table=True):
    """Acts of people, as they can be taken back (model.record.Record); holds no words of theirs."""

    __tablename__ = "acts"
    event: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    act: str
    target: str = Field(sa_type=CleanText)
    by: str = Field(sa_type=CleanText)
    body: Any = Field(sa_type=Json)
    undone_by: int | None


class WordsTable(_Base, table=True):
    """What people wrote with an act: reasons, notes, telephone calls, answers. The log holds its hash; the words can be
    erased, and the chain still holds."""

    __tablename__ = "event_words"
    event: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    what: str = Field(primary_key=True)
    case_number: str = Field(index=True)
    sha256: str
    words: str | None = Field(sa_type=CleanText)


class DecisionTable(_Base, table=True):
    """What was decided about a mail when it came (model.decided), compressed."""

    __tablename__ = "decisions"
    sha256: str = Field(primary_key=True, foreign_key="messages.sha256")
    body: bytes


class StaffTable(_Base, table=True):
    """Whom the program knows by name."""

    __tablename__ = "staff"
    name: str = Field(primary_key=True, sa_type=KeyText)
    role: str
    mail: str = Field(sa_type=CleanText)


class DeskLinkTable(_Base, table=True):
    """Links that let somebody into the desk once; only the hash of the key is kept."""

    __tablename__ = "desk_links"
    key_sha256: str = Field(primary_key=True)
    name: str
    expires: datetime = Field(sa_type=UTCDateTime)


class DeskSessionTable(_Base, table=True):
    """Who is logged in at the desk. `token` is what their forms carry, `told` what their next page says."""

    __tablename__ = "desk_sessions"
    key_sha256: str = Field(primary_key=True)
    name: str
    token: str
    opened_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    expires: datetime = Field(sa_type=UTCDateTime)
    told: str


class DeskDraftTable(_Base, table=True):
    """What somebody is typing at the desk, so that a closed browser loses nothing."""

    __tablename__ = "desk_drafts"
    name: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    said: str
    at: datetime = Field(sa_type=UTCDateTime)


class MailWordsTable(_Base, table=True):
    """Which mails hold which pairs of characters (mail_words): one bit for each of a thousand mails."""

    __tablename__ = "desk_mail_words"
    gram: str = Field(primary_key=True, sa_type=TermText)
    block: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    bits: bytes


class ClockTable(_Base, table=True):
    """When an open case must be looked at for what falls due by itself, and by which rules that was counted; empty:
    not counted since it was written last."""

    __tablename__ = "case_clock"
    __table_args__ = (Index(None, "rules", "look_on"),)
    case_number: str = Field(primary_key=True, foreign_key="cases.number")
    rules: str
    look_on: date


class TermTable(_Base, table=True):
    """What a case is searched by (store.terms): whoever types the beginning of a term finds the case."""

    __tablename__ = "case_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)
    term: str = Field(primary_key=True, sa_type=TermText)
    case_number: str = Field(primary_key=True, foreign_key="cases.number", index=True)


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
    """Letters and their fate (model.letter.OutboxEntry)."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "state", "sent_at"),
        # PostgreSQL's has such a condition, too, from its migration: to tell it here would load that dialect each time
        Index("ix_outbox_copy_wanted", "id", sqlite_where=text("copy_wanted IS 1")),
    )
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
    in_answer_to: str = Field(index=True)
    queued_at: datetime = Field(sa_type=UTCDateTime, index=True)
    send_after: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_answer: str = Field(default="", sa_type=CleanText)
    rendered_for: date | None
    first_tried_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    asked_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    resent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    restored: bool = False
    copy_wanted: bool = False
    words: str = Field(default="", sa_type=CleanText)
    approved_by: str = Field(default="", sa_type=CleanText)
    approved_sha256: str = ""
    before_sha256: str = ""


class RecipientTable(_Base, table=True):
    """Addresses of a letter, for the limits."""

    __tablename__ = "outbox_recipients"
    __table_args__ = (Index(None, "addr", "queued_at"),)
    entry: int = Field(primary_key=True, foreign_key="outbox.id")
    addr: str = Field(primary_key=True, sa_type=KeyText)
    queued_at: datetime = Field(sa_type=UTCDateTime)


class NoticeTable(_Base, table=True):
    """Lines for staff. `about` names the trouble, of which one line may be open at a time."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "code", "about"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    code: str
    text: str = Field(sa_type=CleanText)
    case_number: str
    message: str
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    why: str = Field(default="", sa_type=CleanText)
    about: str = Field(sa_type=KeyText)


class MailboxTable(_Base, table=True):
    """How each mailbox does: when it was last read and compared, what is wrong with it, and since when."""

    __tablename__ = "mailboxes"
    name: str = Field(primary_key=True)
    polled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reconciled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    on_server: int | None = None
    recorded: int | None = None
    fault: str = Field(default="", sa_type=CleanText)
    failing_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    letters_not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    drafts_asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class FolderTable(_Base, table=True):
    """How far each folder of a mailbox was read, under each UIDVALIDITY it had. `boundary` is when the newest mail came
    that was there before us (as the server wrote it): the same whatever it renumbers."""

    __tablename__ = "folders"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True, sa_type=KeyText)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    mark: int = Field(sa_type=BigInteger)
    boundary: str


class BeforeTable(_Base, table=True):
    """UIDs that were in a folder before us, in runs; they are not ours to answer."""

    __tablename__ = "uids_before"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True, sa_type=KeyText)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    first: int = Field(primary_key=True, sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)


class LateTable(_Base, table=True):
    """UIDs that could not be fetched, and how often others could while they could not."""

    __tablename__ = "uids_late"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True, sa_type=KeyText)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    failures: int


class DigestTable(_Base, table=True):
    """Every digest that was made, by its number."""

    __tablename__ = "digests"
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date
    made_at: datetime = Field(sa_type=UTCDateTime)
    body: bytes | None = None  # model.digest.Digest, compressed


class PauseTable(_Base, table=True):
    """Every time that all sending was stopped; `ended_at` empty: not over yet."""

    __tablename__ = "pauses"
    id: int | None = Field(default=None, primary_key=True)
    since: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    why: str = Field(sa_type=CleanText)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RestoreTable(_Base, table=True):
    """Every time that this database was put back from a backup, and when all mailboxes had been seen again since."""

    __tablename__ = "restores"
    id: int | None = Field(default=None, primary_key=True)
    caught_up_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


ERASED_MAIL, ERASED_FILE, EMPTY_PAGES = "mail", "file", "pages"


class ErasureTable(_Base, table=True):
    """What was erased (store.unit_erasure): mails of which nothing is kept, however often they are fetched; files
    that are still to be deleted; and whether empty pages of the database may still hold something."""

    __tablename__ = "erasures"
    what: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)


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


class HeadTable(_Base, table=True):
    """The last line of the log as the last unit left it, in one row: a log that was cut short is seen."""

    __tablename__ = "event_head"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int
    hash: str


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
EVENTS, NUMBERS, HEAD = _core(EventTable), _core(NumberTable), _core(HeadTable)
DECISIONS = _core(DecisionTable)
VERSIONS, ACTS, WORDS, STAFF = _core(VersionTable), _core(ActTable), _core(WordsTable), _core(StaffTable)
MAIL_WORDS = _core(MailWordsTable)
CLOCK, TERMS, SEALS = _core(ClockTable), _core(TermTable), _core(SealTable)
MAILBOXES, FOLDERS, BEFORE, LATE = _core(MailboxTable), _core(FolderTable), _core(BeforeTable), _core(LateTable)
DIGESTS, PAUSES, RESTORES = _core(DigestTable), _core(PauseTable), _core(RestoreTable)
ERASURES, DRAFTS, SESSIONS = _core(ErasureTable), _core(DeskDraftTable), _core(DeskSessionTable)

# Whose rows have seals (store.seals). The log has its chain; what is made from cases is compared with them.
SEALED = (
    *(MESSAGES, REFS, READINGS, FACTS, TEXTS, CASES, CASE_MESSAGES, CLOCK, NUMBERS),
    *(OUTBOX, RECIPIENTS, NOTICES, MAILBOXES, FOLDERS, BEFORE, LATE, DIGESTS, PAUSES, RESTORES, ERASURES, HEAD),
    *(VERSIONS, ACTS, WORDS, DECISIONS, STAFF),
)
