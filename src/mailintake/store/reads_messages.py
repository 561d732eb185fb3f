"""Looking at mails and at what readers measured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, RowMapping, Select, String, bindparam, cast, func, select

from mailintake.model.codec import decode
from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.message import InboundMessage, MessageRef
from mailintake.store.port import MessageRow
from mailintake.store.quick import Quick, Row, filled, keys_of, numbered
from mailintake.store.reads import Reads, parts_of
from mailintake.store.rows import message_row
from mailintake.store.tables import CASE_MESSAGES, FACTS, MESSAGES, READINGS, REFS, TEXTS

_PREFIX = 8
PARTIAL = "message/partial"
_MAX_ID_DIGITS = 9
_BY_ID = Quick(select(MESSAGES).where(MESSAGES.c.id == bindparam("of_id")))
_STATUS = Quick(select(MESSAGES.c.status).where(MESSAGES.c.id == bindparam("of_id")))
_READING = Quick(select(READINGS.c.body).where(READINGS.c.sha256 == bindparam("of_sha256")))
_TEXT = Quick(
    select(TEXTS.c.body).where(TEXTS.c.version == bindparam("of_version"), TEXTS.c.sha256 == bindparam("of_sha256"))
)


class MessageReads(Reads):
    """Mails."""

    def message(self, sha256_or_id: str) -> MessageRow | None:
        """By id, full sha256, unambiguous prefix of 8 or more, or Message-ID (the oldest of that one)."""
        asked = sha256_or_id.strip()
        if asked.isascii() and asked.isdigit() and len(asked) <= _MAX_ID_DIGITS:
            with self._reading() as connection:
                found = tuple(_with_places(connection, _BY_ID.rows(connection, of_id=int(asked))))
            if found:
                return found[0]
        if "@" in asked:
            names = (asked, f"<{asked.strip('<>')}>")
            found = self._messages(select(MESSAGES).where(MESSAGES.c.message_id.in_(names)).order_by(MESSAGES.c.id))
            return found[0] if found else None
        low = asked.lower()
        if len(low) < _PREFIX or not set(low) <= set("0123456789abcdef"):
            return None
        between = MESSAGES.c.sha256.between(low, low + "g")
        found = self._messages(select(MESSAGES).where(between).limit(2))
        return found[0] if len(found) == 1 else None

    def status(self, number: int) -> str:
        """How far the mail with that id is; empty where there is none."""
        return next((row["status"] for row in self._quick(_STATUS, of_id=number)), "")

    def messages(
        self, status: str | None = None, *, sender: str = "", uid: int | None = None, limit: int | None = None
    ) -> tuple[MessageRow, ...]:
        """All of them, newest first; or those in that state, of that sender (in lower case), seen under that UID in any
        folder, or the newest so many of these."""
        asked = select(MESSAGES).order_by(MESSAGES.c.id.desc()).limit(limit)
        if status is not None:
            asked = asked.where(MESSAGES.c.status == status)
        if sender:
            asked = asked.where(func.lower(MESSAGES.c.sender) == sender)
        if uid is not None:
            asked = asked.where(MESSAGES.c.id.in_(select(REFS.c.message).where(REFS.c.uid == uid)))
        return self._messages(asked)

    def count_messages(self, status: str | None = None, *, sender: str = "") -> int:
        """How many `messages` would give."""
        asked = select(func.count()).select_from(MESSAGES)
        if sender:
            asked = asked.where(func.lower(MESSAGES.c.sender) == sender)
        return self._count(asked if status is None else asked.where(MESSAGES.c.status == status))

    def newest_message(self) -> datetime | None:
        """When the last mail came in."""
        row = self._row(select(func.max(MESSAGES.c.received_at).label("at")))
        return None if row is None else row["at"]

    def reading(self, sha256: str) -> InboundMessage | None:
        """The parsed mail."""
        return next((decode(InboundMessage, row["body"]) for row in self._quick(_READING, of_sha256=sha256)), None)

    def pieces(self, sender: str) -> tuple[InboundMessage, ...]:
        """The mails of that sender (in lower case) that are pieces of others (message/partial), oldest first."""
        asked = select(READINGS.c.body).join(MESSAGES, MESSAGES.c.sha256 == READINGS.c.sha256).order_by(MESSAGES.c.id)
        asked = asked.where(func.lower(MESSAGES.c.sender) == sender)
        rows = self._rows(asked.where(cast(READINGS.c.body, String).contains(PARTIAL)))
        return tuple(decode(InboundMessage, row["body"]) for row in rows)

    def facts(self, version: int, sha256s: Iterable[str]) -> dict[str, FileFacts]:
        """Those that were measured by that reader version."""
        found: dict[str, FileFacts] = {}
        for part in parts_of(sorted(set(sha256s))):
            asked = select(FACTS).where(FACTS.c.version == version, FACTS.c.sha256.in_(part))
            found |= {row["sha256"]: decode(FileFacts, row["body"]) for row in self._rows(asked)}
        return found

    def text(self, version: int, sha256: str) -> tuple[bool, TextFacts | None]:
        """(was it read, what it gave)."""
        rows = self._quick(_TEXT, of_version=version, of_sha256=sha256)
        known = bool(rows) and rows[0]["body"] is not None
        return bool(rows), decode(TextFacts, rows[0]["body"]) if known else None

    def known_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """UIDs of that folder that have a row."""
        place = (REFS.c.mailbox == mailbox) & (REFS.c.folder == folder) & (REFS.c.uidvalidity == uidvalidity)
        return {row["uid"] for row in self._rows(select(REFS.c.uid).where(place))}

    def known_sizes(self, mailbox: str, folder: str, uidvalidity: int) -> dict[int, int]:
        """Bytes of the mails of that folder, by UID; of one that was too large, as the server told them."""
        place = (REFS.c.mailbox == mailbox) & (REFS.c.folder == folder) & (REFS.c.uidvalidity == uidvalidity)
        asked = select(REFS.c.uid, MESSAGES.c.size).join(MESSAGES, MESSAGES.c.id == REFS.c.message).where(place)
        return {row["uid"]: row["size"] for row in self._rows(asked)}

    def _messages(self, asked: Select) -> tuple[MessageRow, ...]:  # type: ignore[type-arg]
        with self._reading() as connection:
            rows = connection.execute(asked).mappings().all()
            return tuple(row for part in parts_of(rows) for row in _with_places(connection, part))


def _with_places(connection: Connection, rows: Sequence[RowMapping | Row]) -> Iterator[MessageRow]:
    """Where each mail was seen, and which cases it changed."""
    if not rows:
        return
    refs: dict[int, list[MessageRef]] = defaultdict(list)
    for row in _seen_at(len(numbers := filled([row["id"] for row in rows]))).rows(connection, **numbered(numbers)):
        refs[row["message"]].append(MessageRef(row["mailbox"], row["folder"], row["uidvalidity"], row["uid"]))
    cases: dict[str, list[str]] = defaultdict(list)
    for row in _changed(len(hashes := filled([row["sha256"] for row in rows]))).rows(connection, **numbered(hashes)):
        cases[row["sha256"]].append(row["case_number"])
    for mail in rows:
        yield message_row(mail, tuple(refs[mail["id"]]), tuple(cases[mail["sha256"]]))


@cache
def _seen_at(size: int) -> Quick:
    asked = select(REFS).where(REFS.c.message.in_(keys_of(REFS.c.message, size)))
    return Quick(asked.order_by(REFS.c.mailbox, REFS.c.folder, REFS.c.uid))


@cache
def _changed(size: int) -> Quick:
    asked = select(CASE_MESSAGES).where(CASE_MESSAGES.c.sha256.in_(keys_of(CASE_MESSAGES.c.sha256, size)))
    return Quick(asked.order_by(CASE_MESSAGES.c.case_number))
