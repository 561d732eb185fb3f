"""Letters: kinds, modes, and the view a template sees."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from mailintake.model.assessment import Finding
from mailintake.model.rules import CityOffice, Fee, Office
from mailintake.model.value import config_value, value


class LetterKind(StrEnum):
    """Every letter there is (design section 3)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    CORRECTION = "correction"
    TOLERATED = "tolerated"
    PAYMENT_REMINDER = "payment_reminder"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    TO_STAFF = "to_staff"
    UNREADABLE = "unreadable"
    CARD_OR_PASSPORT = "card_or_passport"
    PROCEDURE_SHEET = "procedure_sheet"
    RECEIVED = "received"
    RESULT = "result"
    ANSWER = "answer"  # what a person writes, on the office's layout
    DIGEST = "digest"  # to staff; not a letter to an applicant


class Mode(StrEnum):
    """What happens to a letter once written."""

    OFF = "off"  # not written
    SHADOW = "shadow"  # written and shown, never sent
    DRAFT = "draft"  # put into the mailbox's 草稿箱
    APPROVE = "approve"  # waits in the outbox for a clerk
    AUTO = "auto"


@config_value
class LetterPolicy:
    """Modes, quiet period and limits."""

    default_mode: Mode = Mode.APPROVE
    modes: dict[LetterKind, Mode] | None = None
    quiet_seconds: int = 600
    per_address_per_day: int = 5
    global_per_day: int = 80
    reminder_days_left: tuple[int, ...] = (5, 2, 0)

    def mode(self, letter: LetterKind) -> Mode:
        """The mode of one kind."""
        return (self.modes or {}).get(letter, self.default_mode)


@value
class Item:
    """One thing to correct or to send: a finding on a file, or a missing requirement."""

    kind: str  # DocumentKind.key
    title: str  # DocumentKind.title
    code: str
    person: str  # masked as the office allows; empty for company and group items
    file: str = ""  # name of the file that came; empty: nothing came
    tolerable: bool = False
    finding: Finding | None = None  # measured and required values; None for missing
    standard: Mapping[str, object] = field(default_factory=dict)  # what the rules require of the kind, merged
    more_files: tuple[str, ...] = ()  # further files with the same fault


@value
class Received:
    """One thing that is in order and need not be sent again."""

    kind: str
    title: str
    person: str
    file: str
    checked: bool  # False: received, a person will look at it


@value
class FeeLine:
    """n people × amount for one payee."""

    fee: Fee
    people: int
    total_cny: int
    slip_seen: bool
    slip_to_finance: bool = False
    slip_checked: bool = True  # False: it came, but only a person can say that it is right


@value
class PersonBlock:
    """What one person (or, with an empty name, the company) must still do and what has come."""

    name: str
    todo: tuple[Item, ...] = ()
    received: tuple[Received, ...] = ()
    key: str = ""  # Applicant.key; empty: the company and the group
    case: str = ""  # number of the case: one letter may speak of several


@value
class CaseView:
    """What a letter may know about a case: masked, nothing of anybody else's."""

    number: str
    procedure: str  # ProcedureKey value
    procedure_title: str
    variant: str
    variant_title: str
    people: tuple[str, ...]
    company: str
    received_at: datetime
    time_limit_days: int
    correction_days: int
    due: date | None = None
    due_provisional: bool = False
    accepted_from: date | None = None


@value
class SheetView:
    """The guide's sheet for one procedure, for enquiries."""

    procedure: str
    title: str
    variant_title: str
    email_items: tuple[str, ...]
    paper_items: tuple[str, ...]
    requirements: tuple[str, ...]  # sentences of config wording keys, by kind
    time_limit_days: int
    fees: tuple[Fee, ...]
    tolerance_days: int | None
    standards: tuple[Mapping[str, object], ...] = ()  # what is required of each of `email_items`, for its wording


@value
class LetterView:
    """Everything a letter template sees. One per letter; templates get it as `letter`."""

    kind: LetterKind
    to_name: str  # how we address: name of the correspondent or empty
    subject_hint: str  # their subject without prefixes, cleaned
    today: date
    office: Office
    case: CaseView | None = None
    related: tuple[CaseView, ...] = ()  # other cases opened by the same mail
    blocks: tuple[PersonBlock, ...] = ()
    todo_count: int = 0
    received_count: int = 0
    fees: tuple[FeeLine, ...] = ()
    paper: tuple[str, ...] = ()  # titles of paper items to bring to the window
    paper_seen: tuple[str, ...] = ()  # of these, scans came and were looked at
    city: CityOffice | None = None  # where to go first; None: all offices listed
    unreadable: tuple[Item, ...] = ()
    cloud_files: tuple[str, ...] = ()
    sheets: tuple[SheetView, ...] = ()
    note_old_card_usable: bool = False
    companion_title: str = ""  # 同时申请注销旧卡
    days_left: int | None = None  # reminder
    answer_by: date | None = None  # to_staff: when a person answers
    result_text: str = ""  # result: what staff wrote
    rule_version: str = ""
    test_run: bool = False


@value
class ThreadingHeaders:
    """How the reply hangs on the mail it answers (RFC 5322 3.6.4)."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@value
class Letter:
    """A finished letter: bytes with their Message-ID, ready for the outbox."""

    kind: LetterKind
    mode: Mode
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    raw: bytes
    case: str = ""
    in_answer_to: str = ""  # sha256 of the inbound mail
    rendered_for: date | None = None  # the day its dates were counted from
    view: LetterView | None = None  # kept so that a late approval can render it anew


class OutboxState(StrEnum):
    """Two-mark sending: `sending` is committed before the first byte goes out."""

    WAITING = "waiting"  # for a clerk (approve)
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"
    SHADOWED = "shadowed"
    DRAFTED = "drafted"
    SUPERSEDED = "superseded"  # a later letter of the quiet period says it all
    REJECTED = "rejected"  # a clerk said no


@value
class OutboxEntry:
    """A letter with its fate."""

    id: int
    letter: LetterKind
    state: OutboxState
    mode: Mode
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    sha256: str  # of the rendered bytes in the file store
    case: str
    in_answer_to: str
    queued_at: datetime
    send_after: datetime
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    last_answer: str = ""
    rendered_for: date | None = None
