"""A case (办件): one procedure for one company batch, with its people, papers, deadlines and states."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from mailintake.model.assessment import Assessment, Flag
from mailintake.model.claim import Claim, Ground, Held
from mailintake.model.document import Document
from mailintake.model.facts import Field
from mailintake.model.procedure import ProcedureKey
from mailintake.model.ruling import About, Proposal, Ruling
from mailintake.model.series import Series
from mailintake.model.told import Statement
from mailintake.model.value import value


class State(StrEnum):
    """Mail side: set by the machine or by staff. Office side: set by staff only."""

    RECEIVED = "received"
    NEEDS_TRIAGE = "needs_triage"
    AWAITING_CORRECTION = "awaiting_correction"
    CORRECTION_OVERDUE = "correction_overdue"
    COMPLETE = "complete"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    CLOSED = "closed"
    CITY_REVIEWED = "city_reviewed"
    PROVINCE_REVIEWING = "province_reviewing"
    PROVINCE_APPROVED = "province_approved"
    AT_MFA = "at_mfa"
    AT_ECONOMIES = "at_economies"
    CARD_MADE = "card_made"
    CARD_DELIVERED = "card_delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    ERASED = "erased"  # nothing about anybody is left (model.erasure)


S = State
OFFICE_STEPS = (
    S.ACCEPTED,
    S.CITY_REVIEWED,
    S.PROVINCE_REVIEWING,
    S.PROVINCE_APPROVED,
    S.AT_MFA,
    S.AT_ECONOMIES,
    S.CARD_MADE,
    S.CARD_DELIVERED,
)  # in this order; steps may be left out, and one may be taken back
_OFFICE = OFFICE_STEPS[1:-1]
_END = (S.WITHDRAWN, S.CLOSED, S.DUPLICATE)
_MAIL_SIDE = (S.COMPLETE, S.NEEDS_TRIAGE, S.AWAITING_CORRECTION)  # where a case that is put back is judged to be
TRANSITIONS = MappingProxyType(
    {
        S.RECEIVED: (S.NEEDS_TRIAGE, S.AWAITING_CORRECTION, S.COMPLETE, *_END),
        S.NEEDS_TRIAGE: (S.AWAITING_CORRECTION, S.COMPLETE, S.ACCEPTED, S.REFUSED, *_END),
        S.AWAITING_CORRECTION: (
            S.CORRECTION_OVERDUE,
            S.COMPLETE,
            S.NEEDS_TRIAGE,
            S.ACCEPTED,
            S.REFUSED,
            *_END,
        ),
        S.CORRECTION_OVERDUE: (
            S.AWAITING_CORRECTION,
            S.COMPLETE,
            S.NEEDS_TRIAGE,
            S.ACCEPTED,
            S.REFUSED,
            *_END,
        ),
        S.COMPLETE: (S.AWAITING_CORRECTION, S.NEEDS_TRIAGE, S.ACCEPTED, S.REFUSED, *_END),
        S.ACCEPTED: (*_OFFICE, S.CANCELLED, S.REFUSED, *_MAIL_SIDE, *_END),
        S.CITY_REVIEWED: (S.ACCEPTED, *_OFFICE[1:], S.REFUSED, *_MAIL_SIDE, *_END),
        S.PROVINCE_REVIEWING: (S.CITY_REVIEWED, *_OFFICE[2:], S.REFUSED, *_MAIL_SIDE, *_END),
        S.PROVINCE_APPROVED: (S.PROVINCE_REVIEWING, *_OFFICE[3:], S.REFUSED, *_END),
        S.AT_MFA: (S.PROVINCE_APPROVED, *_OFFICE[4:], S.REFUSED, *_END),
        S.AT_ECONOMIES: (S.AT_MFA, S.CARD_MADE, S.REFUSED, *_END),
        S.CARD_MADE: (S.AT_ECONOMIES, S.CARD_DELIVERED, S.CLOSED),
        S.CARD_DELIVERED: (S.CARD_MADE, S.CLOSED, S.CANCELLED),
        S.WITHDRAWN: (S.NEEDS_TRIAGE, S.CLOSED, S.ERASED),
        S.REFUSED: (S.CLOSED, S.NEEDS_TRIAGE, S.ERASED),
        S.DUPLICATE: (S.CLOSED, S.NEEDS_TRIAGE, S.ERASED),
        S.CANCELLED: (S.CLOSED, S.ERASED),
        S.CLOSED: (S.NEEDS_TRIAGE, S.ERASED),
        S.ERASED: (),
    }
)
MAIL_SIDE_OPEN = (S.RECEIVED, S.NEEDS_TRIAGE, S.AWAITING_CORRECTION, S.CORRECTION_OVERDUE, S.COMPLETE)
PENDING_AT_OFFICE = (S.ACCEPTED, *_OFFICE[:-1])
OPEN = (*MAIL_SIDE_OPEN, *PENDING_AT_OFFICE, S.CARD_MADE)


@value
class Applicant:
    """One person of a case. `key` is stable inside the case: "a1", "a2" …"""

    key: str
    name: str = ""  # Chinese name, or the Latin one where no Chinese name is known
    name_pinyin: str = ""
    passport_no: str = ""
    old_passport_no: str = ""
    birth_date: str = ""  # ISO 8601
    card_no: str = ""
    card_expiry: str = ""  # ISO 8601
    fields: tuple[Field, ...] = ()  # everything read about the person, with its source
    conflicts: tuple[str, ...] = ()  # "passport_no: form E1… / mrz E2…"
    grounds: tuple[Ground, ...] = ()  # what it rests on that this person applies; empty: not recorded

    @property
    def claim(self) -> Claim:
        """That this person applies."""
        return Claim(Held.APPLIES, self.name or self.name_pinyin, self.passport_no, self.grounds)

    @property
    def is_proved(self) -> bool:
        """May the person be told of, billed and asked for papers?"""
        return not self.grounds or self.claim.proved


def free_key(people: Iterable[Applicant]) -> str:
    """A key that none of these has, behind all of theirs: whoever left may have stood between them."""
    numbers = (int(person.key[1:]) for person in people if person.key[1:].isdecimal())
    return f"a{max(numbers, default=0) + 1}"


class DeadlineKind(StrEnum):
    """Which of the guide's periods."""

    FIRST_NOTICE = "first_notice"  # ours: full notice within one working day
    CORRECTION = "correction"  # 补正期限, from the sent letter
    TIME_LIMIT = "time_limit"  # 办理时限, from complete


@value
class Pause:
    """Days on which a clock stood: `since` is the day it stopped, `until` the one from which it went on."""

    since: date
    until: date


@value
class Deadline:
    """A last day, and whether a calendar notice may still move it."""

    kind: DeadlineKind
    due: date
    provisional: bool = False
    since: date | None = None  # day zero
    met: bool = False
    days: int = 0  # working days after `since`; 0: not known
    paused_on: date | None = None  # the clock stands since that day (办理时限 while corrections are awaited)
    pauses: tuple[Pause, ...] = ()  # the times it stood before
    begun: date | None = None  # day zero of all of it, where `since` is the day it went on; None: `since`
    extended_from: date | None = None  # staff set a later last day in the place of this one


@value
class Participant:
    """An address that may speak for the case."""

    addr: str
    name: str = ""
    role: str = "applicant"  # applicant | city_office | added_by_staff | finance: sent nothing but slips


@value
class SentLetter:
    """A letter of the case, as the case remembers it."""

    letter: str  # LetterKind
    message_id: str
    queued_at: datetime
    sent_at: datetime | None = None
    items: tuple[str, ...] = ()  # what it asked for: "signature.missing|a1"; for "never ask twice in pieces"
    also: tuple[str, ...] = ()  # every case it speaks of, when there are several
    late: tuple[str, ...] = ()  # of `items`: what could have been told in an earlier letter and was not (漏告知)
    by: str = ""  # answered by this person's own hand, not by a letter of ours


@value
class Case:
    """One 办件."""

    number: str
    procedure: ProcedureKey
    variant: str
    state: State
    company: str
    opened_at: datetime
    first_received_at: datetime
    last_received_at: datetime
    rule_version: str
    applicants: tuple[Applicant, ...] = ()
    participants: tuple[Participant, ...] = ()
    documents: tuple[Document, ...] = ()
    fields: tuple[Field, ...] = ()  # facts about the case as a whole: reason, company code …
    assessment: Assessment | None = None
    deadlines: tuple[Deadline, ...] = ()
    letters: tuple[SentLetter, ...] = ()
    messages: tuple[str, ...] = ()  # sha256 of its mails, in order
    related: tuple[str, ...] = ()  # numbers of related cases
    flags: tuple[Flag, ...] = ()  # dismissed ones are removed by staff with a reason in the event log
    city: str = ""
    sure: bool = True
    reminders_sent: tuple[str, ...] = ()  # "correction:2026-12-07:5"
    series: Series | None = None  # its application comes in several mails
    told: tuple[Statement, ...] = ()  # what its mails state of the matter, which its letters heed

    @property
    def awaits_parts(self) -> bool:
        """Is more of the application to come, so that nobody is asked for anything yet?"""
        return self.series is not None and not self.series.over

    rulings: tuple[Ruling, ...] = ()
    assigned: str = ""  # the colleague whose case it is
    proposal: Proposal | None = None  # waits for a second person
    revision: int = field(default=0, compare=False)  # grows with every write; two cases may be equal but for it

    @property
    def taken_for(self) -> frozenset[ProcedureKey]:
        """What a mail of this case may seem to ask for: its procedure, and those that a person has put right. Mails go
        on calling it by the wrong name."""
        corrected = (r.key.partition(".")[0] for r in self.rulings if r.about is About.PROCEDURE)
        return frozenset((self.procedure, *map(ProcedureKey, corrected)))

    @property
    def every_flag(self) -> tuple[Flag, ...]:
        """What staff should see: of the last assessment, then what mails raised."""
        return (*(self.assessment.flags if self.assessment else ()), *self.flags)

    def applicant(self, key: str | None) -> Applicant | None:
        """The person of that key, or None."""
        return next((a for a in self.applicants if a.key == key), None)


@value
class Event:
    """One thing that happened; append-only, chained by hash in the store. Holds no personal data."""

    at: datetime
    actor: str  # machine | staff:NAME | operator:NAME
    what: str  # case.opened case.state letter.queued letter.sent message.parked …
    case: str = ""
    message: str = ""
    data: tuple[tuple[str, str], ...] = ()
    sequence: int = field(default=0, compare=False)  # its place in the log; 0: not written yet
