"""Every table.

Names of columns avoid reserved words (`case`, `to`, `values`). `sequence` and `id` columns give the order of arrival;
the clock may jump, they do not. A new column that may not be NULL needs a server_default in its migration, or filled
databases cannot be upgraded; the migration takes the default away again.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from mailintake.store.types import CleanText, Json, KeyText, TermText, UTCDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMES)


def _key(name: str, type_: Any = String, *more: Any, **given: Any) -> Column[Any]:
    return Column(name, type_, *more, primary_key=True, **given)


def _is(name: str, type_: Any = String, *more: Any, **given: Any) -> Column[Any]:
    return Column(name, type_, *more, nullable=False, **given)


def _maybe(name: str, type_: Any = String, *more: Any, **given: Any) -> Column[Any]:
    return Column(name, type_, *more, nullable=True, **given)


MESSAGES = Table(
    "messages",
    METADATA,
    _key("id", Integer),
    _is("sha256", unique=True),
    _is("received_at", UTCDateTime, index=True),
    _is("size", BigInteger),
    _is("status"),
    _maybe("disposition"),
    _is("attempts", Integer),
    _maybe("next_try_at", UTCDateTime),
    _is("claimed_by"),
    _maybe("done_at", UTCDateTime),
    _is("subject", CleanText),
    _is("sender", CleanText),
    _is("message_id", KeyText, index=True),
    _is("message_class"),
    _is("reason", CleanText),
    Index(None, "status", "id"),
    Index(None, "disposition", "id"),
)
"""Mails by content. `claimed_by` names the worker that has it in hand."""

REFS = Table(
    "message_refs",
    METADATA,
    _key("mailbox"),
    _key("folder", KeyText),
    _key("uidvalidity", BigInteger),
    _key("uid", BigInteger),
    _is("message", Integer, ForeignKey("messages.id"), index=True),
)
"""Where a mail was seen on a server."""

READINGS = Table(
    "readings",
    METADATA,
    _key("sha256", String, ForeignKey("messages.sha256")),
    _is("body", Json),
)
"""Parsed mails."""

FACTS = Table(
    "facts",
    METADATA,
    _key("sha256"),
    _key("version", Integer),
    _is("body", Json),
)
"""What readers measured of a file."""

TEXTS = Table(
    "texts",
    METADATA,
    _key("sha256"),
    _key("version", Integer),
    _maybe("body", Json),
)
"""Text of a file; NULL: it was tried and cannot be read here."""

CASES = Table(
    "cases",
    METADATA,
    _key("number"),
    _is("procedure"),
    _is("variant"),
    _is("state", index=True),
    _is("company", CleanText, index=True),
    _is("opened_at", UTCDateTime, index=True),
    _is("last_received_at", UTCDateTime, index=True),
    _is("rule_version"),
    _is("city", CleanText),
    _is("people", Json),
    _maybe("verdict"),
    _maybe("due", Date),
    _maybe("due_kind"),
    _is("provisional", Boolean),
    _is("todo", Json),
    _is("findings", Json),
    _is("flags", Json),
    _is("reasons", Json),
    _maybe("first_answer"),
    _is("revision", Integer),
    _is("assigned", CleanText),
    _is("told_late", Integer),
    _is("body", Json),
    Index(None, "due", "number", "state", "due_kind", "provisional"),
)
"""Cases: a summary of each in columns (model.summary), and the whole value as JSON. The columns stand before the
    body, because SQLite finds what lies behind a long value only by reading all of it."""

VERSIONS = Table(
    "case_versions",
    METADATA,
    _key("case_number"),
    _key("revision", Integer, autoincrement=False),
    _is("event", Integer),
    _maybe("restores", Integer),
    _maybe("body", LargeBinary),
    Index(None, "event"),
)
"""Every revision of a case: the event that wrote it, the earlier one it is a copy of, and, compressed, the value
    (model.codec), where it is not the present one. Without a value: the case was taken back there."""

ACTS = Table(
    "acts",
    METADATA,
    _key("event", Integer, autoincrement=False),
    _is("at", UTCDateTime, index=True),
    _is("act"),
    _is("target", CleanText),
    _is("by", CleanText),
    _is("body", Json),
    _maybe("undone_by", Integer),
)
"""Acts of people, as they can be taken back (model.record.Record); holds no words of theirs."""

WORDS = Table(
    "event_words",
    METADATA,
    _key("event", Integer, autoincrement=False),
    _key("what"),
    _is("case_number", index=True),
    _is("sha256"),
    _maybe("words", CleanText),
)
"""What people wrote with an act: reasons, notes, telephone calls, answers. The log holds its hash; the words can be
    erased, and the chain still holds."""

DECISIONS = Table(
    "decisions",
    METADATA,
    _key("sha256", String, ForeignKey("messages.sha256")),
    _is("body", LargeBinary),
)
"""What was decided about a mail when it came (model.decided), compressed."""

STAFF = Table(
    "staff",
    METADATA,
    _key("name", KeyText),
    _is("role"),
    _is("mail", CleanText),
)
"""Whom the program knows by name."""

LINKS = Table(
    "desk_links",
    METADATA,
    _key("key_sha256"),
    _is("name"),
    _is("expires", UTCDateTime),
)
"""Links that let somebody into the desk once; only the hash of the key is kept."""

SESSIONS = Table(
    "desk_sessions",
    METADATA,
    _key("key_sha256"),
    _is("name"),
    _is("token"),
    _is("opened_at", UTCDateTime),
    _is("seen_at", UTCDateTime),
    _is("expires", UTCDateTime),
    _is("told"),
)
"""Who is logged in at the desk. `token` is what their forms carry, `told` what their next page says."""

DRAFTS = Table(
    "desk_drafts",
    METADATA,
    _key("name"),
    _key("place"),
    _is("said"),
    _is("at", UTCDateTime),
)
"""What somebody is typing at the desk, so that a closed browser loses nothing."""

MAIL_WORDS = Table(
    "desk_mail_words",
    METADATA,
    _key("gram", TermText),
    _key("block", Integer, autoincrement=False),
    _is("bits", LargeBinary),
)
"""Which mails hold which pairs of characters (mail_words): one bit for each of a thousand mails."""

CLOCK = Table(
    "case_clock",
    METADATA,
    _key("case_number", String, ForeignKey("cases.number")),
    _is("rules"),
    _is("look_on", Date),
    Index(None, "rules", "look_on"),
)
"""When an open case must be looked at for what falls due by itself, and by which rules that was counted; empty:
    not counted since it was written last."""

TERMS = Table(
    "case_terms",
    METADATA,
    _key("term", TermText),
    _key("case_number", String, ForeignKey("cases.number"), index=True),
    sqlite_with_rowid=False,
)
"""What a case is searched by (store.terms): whoever types the beginning of a term finds the case."""

PARTICIPANTS = Table(
    "case_participants",
    METADATA,
    _key("case_number", String, ForeignKey("cases.number")),
    _key("addr", KeyText, index=True),
    _is("domain", KeyText, index=True),
)
"""Who may speak for a case, kept in step with its body."""

IDENTIFIERS = Table(
    "case_identifiers",
    METADATA,
    _key("case_number", String, ForeignKey("cases.number")),
    _key("identifier", KeyText, index=True),
)
"""Names, passport and card numbers of a case's people as types.key_of() writes them."""

CASE_MESSAGES = Table(
    "case_messages",
    METADATA,
    _key("case_number", String, ForeignKey("cases.number")),
    _key("sha256", index=True),
)
"""Which mails changed which case."""

OUTBOX = Table(
    "outbox",
    METADATA,
    _key("id", Integer),
    _is("letter"),
    _is("state"),
    _is("mode"),
    _is("recipients", Json),
    _is("copies", Json),
    _is("subject", CleanText),
    _is("message_id", unique=True),
    _is("sha256"),
    _is("case_number", index=True),
    _is("in_answer_to", index=True),
    _is("queued_at", UTCDateTime, index=True),
    _is("send_after", UTCDateTime),
    _is("attempts", Integer, default=0),
    _maybe("next_try_at", UTCDateTime),
    _maybe("sent_at", UTCDateTime),
    _is("last_answer", CleanText, default=""),
    _maybe("rendered_for", Date),
    _maybe("first_tried_at", UTCDateTime),
    _maybe("asked_since", UTCDateTime),
    _maybe("resent_at", UTCDateTime),
    _is("restored", Boolean, default=False),
    _is("copy_wanted", Boolean, default=False),
    _is("words", CleanText, default=""),
    _is("approved_by", CleanText, default=""),
    _is("approved_sha256", default=""),
    _is("before_sha256", default=""),
    Index(None, "state", "id"),
    Index(None, "state", "sent_at"),
    Index("ix_outbox_copy_wanted", "id", sqlite_where=text("copy_wanted IS 1")),
)
"""Letters and their fate (model.letter.OutboxEntry)."""

RECIPIENTS = Table(
    "outbox_recipients",
    METADATA,
    _key("entry", Integer, ForeignKey("outbox.id")),
    _key("addr", KeyText),
    _is("queued_at", UTCDateTime),
    Index(None, "addr", "queued_at"),
)
"""Addresses of a letter, for the limits."""

NOTICES = Table(
    "notices",
    METADATA,
    _key("id", Integer),
    _is("at", UTCDateTime),
    _is("code"),
    _is("text", CleanText),
    _is("case_number"),
    _is("message"),
    _maybe("closed_at", UTCDateTime, index=True),
    _is("why", CleanText, default=""),
    _is("about", KeyText),
    Index(None, "code", "about"),
)
"""Lines for staff. `about` names the trouble, of which one line may be open at a time."""

MAILBOXES = Table(
    "mailboxes",
    METADATA,
    _key("name"),
    _maybe("polled_at", UTCDateTime),
    _maybe("reconciled_at", UTCDateTime),
    _maybe("on_server", Integer),
    _maybe("recorded", Integer),
    _is("fault", CleanText, default=""),
    _maybe("failing_since", UTCDateTime),
    _maybe("letters_not_before", UTCDateTime),
    _maybe("drafts_asked_at", UTCDateTime),
)
"""How each mailbox does: when it was last read and compared, what is wrong with it, and since when."""

FOLDERS = Table(
    "folders",
    METADATA,
    _key("mailbox"),
    _key("folder", KeyText),
    _key("uidvalidity", BigInteger),
    _is("mark", BigInteger),
    _is("boundary"),
)
"""How far each folder of a mailbox was read, under each UIDVALIDITY it had. `boundary` is when the newest mail came
    that was there before us (as the server wrote it): the same whatever it renumbers."""

BEFORE = Table(
    "uids_before",
    METADATA,
    _key("mailbox"),
    _key("folder", KeyText),
    _key("uidvalidity", BigInteger),
    _key("first", BigInteger),
    _is("last", BigInteger),
)
"""UIDs that were in a folder before us, in runs; they are not ours to answer."""

LATE = Table(
    "uids_late",
    METADATA,
    _key("mailbox"),
    _key("folder", KeyText),
    _key("uidvalidity", BigInteger),
    _key("uid", BigInteger),
    _is("failures", Integer),
)
"""UIDs that could not be fetched, and how often others could while they could not."""

DIGESTS = Table(
    "digests",
    METADATA,
    _key("sequence", Integer, autoincrement=False),
    _is("day", Date),
    _is("made_at", UTCDateTime),
    _maybe("body", LargeBinary),
)
"""Every digest that was made, by its number."""

PAUSES = Table(
    "pauses",
    METADATA,
    _key("id", Integer),
    _is("since", UTCDateTime),
    _is("until", UTCDateTime),
    _is("why", CleanText),
    _maybe("ended_at", UTCDateTime),
)
"""Every time that all sending was stopped; `ended_at` empty: not over yet."""

RESTORES = Table(
    "restores",
    METADATA,
    _key("id", Integer),
    _maybe("caught_up_at", UTCDateTime),
)
"""Every time that this database was put back from a backup, and when all mailboxes had been seen again since."""

ERASED_MAIL, ERASED_FILE, EMPTY_PAGES = "mail", "file", "pages"

ERASURES = Table(
    "erasures",
    METADATA,
    _key("what"),
    _key("sha256"),
)
"""What was erased (store.unit_erasure): mails of which nothing is kept, however often they are fetched; files
    that are still to be deleted; and whether empty pages of the database may still hold something."""

EVENTS = Table(
    "events",
    METADATA,
    _key("sequence", Integer, autoincrement=False),
    _is("at", UTCDateTime),
    _is("actor"),
    _is("what"),
    _is("case_number", index=True),
    _is("message"),
    _is("data", Json),
    _is("previous"),
    _is("hash"),
)
"""The log; `hash` covers the row and the hash before it."""

NUMBERS = Table(
    "case_numbers",
    METADATA,
    _key("year", Integer, autoincrement=False),
    _is("last", Integer),
)
"""The last case number of each year."""

HEAD = Table(
    "event_head",
    METADATA,
    _key("id", Integer, autoincrement=False),
    _is("sequence", Integer),
    _is("hash"),
)
"""The last line of the log as the last unit left it, in one row: a log that was cut short is seen."""

SEALS = Table(
    "row_seals",
    METADATA,
    _key("relation"),
    _key("row_key", CleanText),
    _is("hash"),
)
"""The hash of a row as the program last wrote it."""

# Whose rows have seals (store.seals). The log has its chain; what is made from cases is compared with them.
SEALED = (
    *(MESSAGES, REFS, READINGS, FACTS, TEXTS, CASES, CASE_MESSAGES, CLOCK, NUMBERS),
    *(OUTBOX, RECIPIENTS, NOTICES, MAILBOXES, FOLDERS, BEFORE, LATE, DIGESTS, PAUSES, RESTORES, ERASURES, HEAD),
    *(VERSIONS, ACTS, WORDS, DECISIONS, STAFF),
)
