"""What a unit does with mails and with what readers measured of them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update

from mailintake.errors import StoreBusy
from mailintake.model.codec import encode
from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.message import InboundMessage, MessageRef
from mailintake.model.understanding import Decision, Disposition
from mailintake.store.mail_words import text_of, write_words
from mailintake.store.part import Part, add_rows, insert_for, put_row, put_rows, whole, written
from mailintake.store.quick import Quick
from mailintake.store.tables import (
    CASE_MESSAGES,
    ERASED_FILE,
    ERASED_MAIL,
    ERASURES,
    FACTS,
    MESSAGES,
    READINGS,
    REFS,
    TEXTS,
)

_ERASED = Quick(
    select(ERASURES.c.sha256).where(ERASURES.c.what == ERASED_MAIL, ERASURES.c.sha256 == bindparam("of_sha256"))
)
_HELD = Quick(
    select(MESSAGES.c.sha256, MESSAGES.c.claimed_by, MESSAGES.c.status).where(MESSAGES.c.id == bindparam("of_id"))
)
_NUMBER = Quick(select(MESSAGES.c.id).where(MESSAGES.c.sha256 == bindparam("of_sha256")))


class MessageWrites(Part):
    """Mails, from received to their fate."""

    def add_message(self, sha256: str, ref: MessageRef, size: int, at: datetime) -> bool:
        """False when the bytes were known. A ref that named other bytes before names these from now on. Bytes that were
        erased are known, though nothing of them is kept: the file goes once more."""
        row = {"sha256": sha256, "received_at": at, "size": size, "status": "received", "attempts": 0, "claimed_by": ""}
        row |= dict.fromkeys(("subject", "sender", "message_id", "message_class", "reason"), "")
        new = _adding(self._connection.dialect.name, tuple(row)).rows(self._connection, **row)
        number = (new or _NUMBER.rows(self._connection, of_sha256=sha256))[0]["id"]
        put_row(self._connection, REFS, {**encode(ref), "message": number})
        written(self._connection, MESSAGES, new)
        return not self._was_erased(sha256, number, at) and bool(new)

    def _was_erased(self, sha256: str, number: int, at: datetime) -> bool:
        if _ERASED.row(self._connection, of_sha256=sha256) is None:
            return False
        self._change(number, status="done", disposition=Disposition.ERASED.value, done_at=at)
        add_rows(self._connection, ERASURES, [{"what": ERASED_FILE, "sha256": sha256}])
        return True

    def start_processing(self, message_id: int) -> int:
        """One attempt more."""
        return self._change(message_id, status="processing", is_try=True)

    def finish_message(
        self, message_id: int, message: InboundMessage | None, decision: Decision | None, at: datetime, reason: str = ""
    ) -> None:
        """Done. The parsed mail is kept, and which cases it changed. StoreBusy when it is another worker's by now."""
        known: dict[str, Any] = {"reason": reason}
        if message is not None:
            known |= {
                "subject": message.subject,
                "sender": message.sender.addr if message.sender else "",
                "message_id": message.message_id,
            }
        if decision is not None:
            known["disposition"] = decision.disposition.value
            if decision.understanding is not None:
                known["message_class"] = decision.understanding.classification.message_class.value
        sha256 = self._end_work(message_id, status="done", done_at=at, next_try_at=None, **known)
        if message is not None:
            body = encode(message)
            put_row(self._connection, READINGS, {"sha256": sha256, "body": body})
            write_words(self._connection, message_id, text_of(body))
        if decision is not None:
            links = [{"case_number": case.number, "sha256": sha256} for case in decision.cases]
            add_rows(self._connection, CASE_MESSAGES, links)

    def retry_message(self, message_id: int, next_try_at: datetime, reason: str) -> None:
        """Back to the queue for later. StoreBusy as above."""
        self._end_work(message_id, status="received", next_try_at=next_try_at, reason=reason)

    def quarantine_message(self, message_id: int, reason: str, at: datetime) -> None:
        """Put aside, with its fate recorded. StoreBusy as above."""
        fate = Disposition.QUARANTINED.value
        self._end_work(message_id, status="quarantined", disposition=fate, reason=reason, done_at=at, next_try_at=None)

    def release_message(self, message_id: int, at: datetime) -> None:
        """Back to the queue, due at once, with its attempts forgotten."""
        blank = {"disposition": None, "attempts": 0, "reason": "", "done_at": None}
        self._release(message_id, status="received", next_try_at=at, **blank)

    def save_facts(self, version: int, facts: Iterable[FileFacts]) -> None:
        """Replaces what the same reader version said before."""
        rows = [{"sha256": fact.sha256, "version": version, "body": encode(fact)} for fact in facts]
        put_rows(self._connection, FACTS, rows)

    def save_text(self, version: int, sha256: str, text: TextFacts | None) -> None:
        """None is remembered too: it was tried."""
        body = None if text is None else encode(text)
        put_row(self._connection, TEXTS, {"sha256": sha256, "version": version, "body": body})

    def _end_work(self, message_id: int, /, **values: Any) -> str:
        """Whoever was cut off meanwhile finds that somebody else has the mail, or has finished it. Gives its sha256.
        LookupError when there is no such mail."""
        row = _HELD.row(self._connection, of_id=message_id)
        if row is None:
            raise LookupError(f"no mail {message_id}")
        if row["claimed_by"] not in ("", self._worker) or row["status"] == "done":
            raise StoreBusy(f"another worker has mail {message_id}")
        self._release(message_id, **values)
        return str(row["sha256"])

    def _release(self, message_id: int, /, **values: Any) -> None:
        self._change(message_id, claimed_by="", **values)

    def _change(self, message_id: int, /, *, is_try: bool = False, **values: Any) -> int:
        """Gives attempts. LookupError when there is no such mail."""
        told = {"of_id": message_id} | {f"to_{name}": new for name, new in values.items()}
        changed = _changing(tuple(values), is_try=is_try).rows(self._connection, **told)
        if not changed:
            raise LookupError(f"no mail {message_id}")
        written(self._connection, MESSAGES, changed)
        return int(changed[0]["attempts"])


@cache
def _adding(dialect: str, names: tuple[str, ...]) -> Quick:
    row = {name: bindparam(name, type_=MESSAGES.c[name].type) for name in names}
    return Quick(insert_for(dialect, MESSAGES).values(row).on_conflict_do_nothing().returning(*whole(MESSAGES)))


@cache
def _changing(names: tuple[str, ...], *, is_try: bool) -> Quick:
    """`to_` the new values, for the mail `of_id`."""
    values: dict[str, Any] = {name: bindparam(f"to_{name}", type_=MESSAGES.c[name].type) for name in names}
    if is_try:
        values["attempts"] = MESSAGES.c.attempts + 1
    changing = update(MESSAGES).where(MESSAGES.c.id == bindparam("of_id")).values(values)
    return Quick(changing.returning(*whole(MESSAGES)))
