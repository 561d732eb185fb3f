"""Taking an act back: allowed until something rests on it; then the desk offers a correcting letter instead.

Nothing is deleted. What stood before is written once more, as a new revision; that this revision is a copy of the
earlier one is remembered, so that an act before it can be taken back in its turn.
"""

from collections.abc import Mapping, Sequence

from mailintake.model.act import Refused, refused
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.record import CaseChange, Fated, LetterChange, Record, Version
from mailintake.model.value import value

_IN_THE_WORLD = (OutboxState.SENDING, OutboxState.SENT, OutboxState.IN_DOUBT)
CORRECTABLE = frozenset({"undo.later_mail", "undo.letter_sent"})  # refusals after which a correcting letter is due
_LATER = {
    "case.extended": "undo.later_mail",
    "case.related": "undo.later_mail",
    "letter.sent": "undo.letter_sent",
    "case.reminded": "undo.letter_sent",
}


@value
class Restored:
    """What is put back: cases to revisions (None: the case never was), letters to what they were, lines reopened and
    closed again, and what was recorded about the mail."""

    record: Record
    cases: tuple[CaseChange, ...]
    letters: tuple[LetterChange, ...]


def undo(
    record: Record,
    versions: Mapping[str, Sequence[Version]],
    letters: Mapping[int, OutboxEntry],
    fate: Fated | None = None,
) -> Restored | Refused:
    """What taking that act back means now, or what rests on it. `versions`: those of each of its cases, in order;
    `letters`: the letters it wrote or moved, as they are; `fate`: what is recorded about its mail now."""
    if record.undone_by is not None:
        return refused("undo.done", event=record.event, by=record.undone_by)
    if record.mail is not None and fate != record.mail.after:
        return refused("undo.later_act", event=record.event, number=record.mail.sha256[:12], later="", what="mail")
    for case in record.cases:
        rests = _rests_on(case, versions.get(case.number, ()))
        if rests is not None:
            code = _LATER.get(rests.what, "undo.later_act")
            return refused(code, event=record.event, number=case.number, later=rests.event, what=rests.what)
    for change in record.letters:
        now = letters.get(change.id)
        if now is None or now.state in _IN_THE_WORLD or now.attempts:
            about = record.cases[0].number if record.cases else change.after.case
            return refused("undo.letter_sent", event=record.event, letter=change.id, number=about)
        if (now.state, now.sha256) != (change.after.state, change.after.sha256):
            return refused("undo.letter_moved", event=record.event, letter=change.id, state=now.state.value)
    return Restored(record, record.cases, record.letters)


def _rests_on(change: CaseChange, versions: Sequence[Version]) -> Version | None:
    """The write that came after the act and still counts, or None. A version that only restores an earlier one stands
    for that earlier one."""
    copies = {v.revision: v.restores for v in versions if v.restores is not None}
    newest = max((v.revision for v in versions), default=0)
    current: int | None = newest
    while current is not None:
        if current == change.after:
            return None
        current = copies.get(current)
    later = [v for v in versions if v.revision > change.after and v.restores is None]
    return later[-1] if later else versions[-1] if versions else None
