"""What one act changed, kept so that it can be taken back; and the versions of a case."""

from datetime import datetime

from mailintake.model.letter import OutboxEntry
from mailintake.model.value import value


@value
class CaseChange:
    """A case before and after, by its revisions. `before` None: the act opened it."""

    number: str
    before: int | None
    after: int


@value
class LetterChange:
    """A letter before and after. `before` None: the act ordered it."""

    id: int
    before: OutboxEntry | None
    after: OutboxEntry


@value
class Fated:
    """What is recorded about a mail."""

    disposition: str
    message_class: str


@value
class MailChange:
    """What was recorded about a mail before and after."""

    sha256: str
    before: Fated
    after: Fated


@value
class Record:
    """One act, as it can be taken back. Holds no words that somebody wrote: those lie in a table of their own."""

    event: int
    at: datetime
    act: str
    target: str
    by: str
    cases: tuple[CaseChange, ...] = ()
    letters: tuple[LetterChange, ...] = ()
    closed: tuple[int, ...] = ()  # lines for staff that it closed
    added: tuple[int, ...] = ()  # lines for staff that it wrote
    mail: MailChange | None = None
    undone_by: int | None = None  # event of the undo


@value
class Version:
    """One revision of a case: which event wrote it, and of which earlier revision it is a copy."""

    number: str
    revision: int
    event: int  # 0: written before versions were kept
    what: str = ""  # of that event: case.extended, letter.sent, act.accept …
    actor: str = ""
    at: datetime | None = None
    restores: int | None = None
