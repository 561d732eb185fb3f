"""What a unit does for the acts of people: acts that can be taken back, words that can be erased, staff."""

import hashlib

from sqlalchemy import update

from mailintake.model.codec import encode
from mailintake.model.decided import Decided
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.record import Fated, Record
from mailintake.model.staff import Colleague
from mailintake.store.part import Part, change_rows, put_row, touch
from mailintake.store.tables import DECISIONS, MESSAGES, NOTICES, OUTBOX
from mailintake.store.types import clean, packed

_PUT_BACK = (
    *("send_after", "next_try_at", "sha256", "subject", "rendered_for", "words", "last_answer"),
    *("approved_by", "approved_sha256", "before_sha256", "first_tried_at"),
)


class ActWrites(Part):
    """Acts, words, staff, and what is put back when an act is taken back."""

    def add_record(self, record: Record) -> None:
        """One act, by its event."""
        from mailintake.store.classes import ActTable

        row = ActTable(
            event=record.event,
            at=record.at,
            act=record.act,
            target=record.target,
            by=record.by,
            body=encode(record),
            undone_by=record.undone_by,
        )
        with self._session() as session:
            session.merge(row)

    def mark_undone(self, event: int, by: int) -> None:
        """That act was taken back by that event."""
        from mailintake.store.classes import ActTable

        with self._session() as session:
            row = session.get(ActTable, event)
            if row is None or row.undone_by is not None:
                raise ValueError(f"act {event} cannot be taken back twice")
            row.undone_by = by

    def add_words(self, event: int, what: str, case: str, words: str) -> None:
        """What somebody wrote, beside the log: its hash stands in the event, and it can be erased."""
        from mailintake.store.classes import WordsTable

        text = clean(words)
        with self._session() as session:
            session.merge(WordsTable(event=event, what=what, case_number=case, sha256=words_sha256(text), words=text))

    def save_colleague(self, colleague: Colleague) -> None:
        """Known from now on, or known otherwise."""
        from mailintake.store.classes import StaffTable

        with self._session() as session:
            session.merge(StaffTable(name=colleague.name, role=colleague.role.value, mail=colleague.mail))

    def forget_colleague(self, name: str) -> bool:
        """Unknown from now on, and logged in nowhere; False when nobody of that name was known."""
        from mailintake.store.classes import StaffTable

        with self._session() as session:
            found = session.get(StaffTable, name)
            if found is not None:
                session.delete(found)
            return found is not None

    def keep_decision(self, sha256: str, decided: Decided) -> None:
        """What was decided about that mail, for whoever asks later."""
        put_row(self._connection, DECISIONS, {"sha256": sha256, "body": packed(encode(decided))})

    def set_fate(self, sha256: str, fate: Fated) -> None:
        """What is recorded about a mail that is over. LookupError when it is not."""
        values = {"disposition": fate.disposition, "message_class": fate.message_class}
        ended = (MESSAGES.c.sha256 == sha256) & (MESSAGES.c.status == "done")
        found = self._connection.execute(update(MESSAGES).where(ended).values(values).returning(MESSAGES.c.id)).scalar()
        if found is None:
            raise LookupError(f"mail {sha256} is not done")
        touch(self._connection, MESSAGES, [{"id": found}])

    def reopen_notice(self, notice_id: int) -> None:
        """A line for staff stands again."""
        change_rows(self._connection, NOTICES, {"id": notice_id}, {"closed_at": None, "why": ""})

    def put_letter_back(self, entry: OutboxEntry, state: OutboxState) -> None:
        """The letter as it was before an act, against the direction of OUTBOX_TRANSITIONS: only while it has the state
        that the act gave it, and was never tried since. ValueError otherwise."""
        as_left = {"id": entry.id, "state": state.value, "attempts": entry.attempts}
        to = {name: getattr(entry, name) for name in _PUT_BACK} | {"state": entry.state.value}
        if not change_rows(self._connection, OUTBOX, as_left, to):
            raise ValueError(f"letter {entry.id} is not as the act left it")


def words_sha256(words: str) -> str:
    """The hash that stands in the log in the place of words."""
    return hashlib.sha256(clean(words).encode()).hexdigest()
