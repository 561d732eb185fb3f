"""Database rows to the values of model/ and port.py."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import RowMapping

from mailintake.model.case import Case, Event
from mailintake.model.codec import decode
from mailintake.model.letter import LetterKind, Mode, OutboxEntry, OutboxState
from mailintake.model.message import MessageRef
from mailintake.model.understanding import Disposition, NoticeRow, StaffNotice
from mailintake.store.port import MessageRow

_KEPT = 128  # cases, about 10 kB each
_Row = Mapping[str, Any] | RowMapping


_cases: OrderedDict[str, Case] = OrderedDict()


def case_of(body: str) -> Case:
    """A value that cannot change, by the text it is stored as: one mail looks at its case again and again."""
    known = _cases.get(body)
    return keep_case(body, decode(Case, json.loads(body))) if known is None else known


def keep_case(body: str, case: Case) -> Case:
    """That text is the text of this case; whoever writes a case need not read it again."""
    _cases[body] = case
    while len(_cases) > _KEPT:
        with suppress(KeyError):  # another thread was quicker
            _cases.popitem(last=False)
    return case


def message_row(row: _Row, refs: tuple[MessageRef, ...], cases: tuple[str, ...]) -> MessageRow:
    """A mail with its places and cases."""
    return MessageRow(
        id=row["id"],
        sha256=row["sha256"],
        refs=refs,
        received_at=row["received_at"],
        size=row["size"],
        status=row["status"],
        disposition=Disposition(row["disposition"]) if row["disposition"] else None,
        attempts=row["attempts"],
        next_try_at=row["next_try_at"],
        subject=row["subject"],
        sender=row["sender"],
        message_id=row["message_id"],
        message_class=row["message_class"],
        cases=cases,
        reason=row["reason"],
    )


def outbox_entry(row: _Row) -> OutboxEntry:
    """A letter with its fate."""
    return OutboxEntry(
        id=row["id"],
        letter=LetterKind(row["letter"]),
        state=OutboxState(row["state"]),
        mode=Mode(row["mode"]),
        to=tuple(row["recipients"]),
        cc=tuple(row["copies"]),
        subject=row["subject"],
        message_id=row["message_id"],
        sha256=row["sha256"],
        case=row["case_number"],
        in_answer_to=row["in_answer_to"],
        queued_at=row["queued_at"],
        send_after=row["send_after"],
        attempts=row["attempts"],
        next_try_at=row["next_try_at"],
        sent_at=row["sent_at"],
        last_answer=row["last_answer"],
        rendered_for=row["rendered_for"],
        first_tried_at=row["first_tried_at"],
        asked_since=row["asked_since"],
        resent_at=row["resent_at"],
        restored=row["restored"],
        copy_wanted=row["copy_wanted"],
        words=row["words"],
        approved_by=row["approved_by"],
        approved_sha256=row["approved_sha256"],
        before_sha256=row["before_sha256"],
    )


def notice_row(row: _Row) -> NoticeRow:
    """A line for staff."""
    notice = StaffNotice(row["code"], row["text"], row["case_number"], row["message"])
    return NoticeRow(row["id"], row["at"], notice, row["closed_at"])


def event(row: _Row) -> Event:
    """One line of the log."""
    data = decode(tuple[tuple[str, str], ...], row["data"])
    return Event(row["at"], row["actor"], row["what"], row["case_number"], row["message"], data, row["sequence"])
