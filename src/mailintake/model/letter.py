"""Letters: kinds, modes, and the view a template sees."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from mailintake.model.assessment import Finding
from mailintake.model.procedure import Severity
from mailintake.model.question import Language
from mailintake.model.rules import CityOffice, Fee, Office
from mailintake.model.series import Part
from mailintake.model.value import config_value, value


class LetterKind(StrEnum):
    """Every letter there is; which one is written when: stages.decide.letter."""

    ACKNOWLEDGEMENT = "acknowledgement"
    CORRECTION = "correction"
    TOLERATED = "tolerated"
    PAYMENT_REMINDER = "payment_reminder"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    TO_STAFF = "to_staff"
    UNREADABLE = "unreadable"
    CARD_OR_PASSPORT = "card_or_passport"
    NEW_OR_RENEW = "new_or_renew"
    PROCEDURE_SHEET = "procedure_sheet"
    RECEIVED = "received"
    RESULT = "result"
    ANSWER = "answer"  # what a person writes, on the office's layout
    PROGRESS = "progress"  # how a matter stands, to somebody who may hear it
    COMPLAINT = "complaint"  # somebody is dissatisfied with the office
    DIGEST = "digest"  # to staff; not a letter to an applicant
    LOGIN = "login"  # to staff: a one-time link into the desk


INTERNAL = frozenset({LetterKind.DIGEST, LetterKind.LOGIN})  # never to an applicant


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
    answer_within_days: int | None = None  # working days in which a person answers; unset: no letter promises it
    per_address_per_day: int = 5
    global_per_day: int = 80
    reminder_days_left: tuple[int, ...] = (5, 2, 0)

    def mode(self, letter: LetterKind) -> Mode:
        """The mode of one kind."""
        return (self.modes or {}).get(letter, self.default_mode)


@value
class Came:
    """A file that came with a fault: its name and what was measured of it."""

    file: str
    finding: Finding


@value
class Item:
    """One numbered line of what is asked: a paper or fact that lacks, or a fault, with everybody it concerns."""

    kind: str  # DocumentKind.key
    title: str  # DocumentKind.title
    code: str
    people: tuple[str, ...] = ()  # names; empty: the company, the group, or the only person of the matter
    file: str = ""  # name of the first file that came; empty: nothing came
    tolerable: bool = False
    finding: Finding | None = None  # measured and required values of the first file; None for missing
    standard: Mapping[str, object] = field(default_factory=dict)  # what the rules require of the kind, merged
    more: tuple[Came, ...] = ()  # further files with the same fault
    unplaced: tuple[str, ...] = ()  # names of files that may be what lacks: nobody could tell what they are
    told: str = ""  # a fact in the sender's own words, which do not tell it to the day: "at the end of the year"

    @property
    def came(self) -> tuple[Came, ...]:
        """Every file with the fault."""
        return (Came(self.file, self.finding), *self.more) if self.file and self.finding else ()


@value
class Received:
    """Files of one kind that came and need not be sent again, or that a person will look at."""

    kind: str
    title: str
    people: tuple[str, ...]  # whose; empty: the company's, the group's, or the only person's
    files: tuple[str, ...]
    checked: bool  # False: received, a person will look at it; never called in order
    everybody: bool = False  # of all people of the matter
    seen: tuple[Item, ...] = ()  # findings of which the gravest are told neutrally, if at all
    unread: bool = False  # nothing odd was found, but what decides could not be read

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the flags among what was seen: they stop a letter that calls everything in order."""
        return tuple(one.code for one in self.seen if one.finding and one.finding.severity is Severity.FLAG)


@value
class FeeLine:
    """n people × amount for one payee."""

    fee: Fee
    people: int
    total_cny: int
    slip_seen: bool
    slip_to_finance: bool = False
    slip_checked: bool = True  # False: it came, but only a person can say that it is right
    due: bool = False  # the slip lacks or is short: the letter tells the account
    paid_cny: int | None = None  # what a slip of the wrong sum shows
    seen_cny: int | None = None  # what it seems to show, and a person looks at
    finance_wants: bool = False  # its slip goes to the finance mailbox as well (guide 1.1(1)⑨)


@value
class Paper:
    """A paper that is handed in at the window."""

    kind: str
    title: str
    scan_seen: bool = False
    note: str = ""  # what the rules note about its form: the original, with a seal


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
    correction_days: int | None  # None: neither the guide nor the office sets a day
    tolerance: bool = False  # the period is the guide's (容缺); otherwise it is the office's wish
    due: date | None = None
    due_provisional: bool = False
    due_since: date | None = None  # the notice from which the period runs; None: this letter is that notice
    first_notice: date | None = None  # the first notice that asked for something; None: this letter is the first
    again: bool = False  # an earlier period of the matter is over
    extended: bool = False  # staff have set a later last day
    holders: bool = False  # its people hold a card: 持卡人
    state: str = ""  # State value; only for letters that say how a matter stands
    staff_first: bool = False  # a person looks at every case of the variant: no letter says that nothing lacks


@value
class EarlyView:
    """A card that is not due for renewal yet (guide 2.1②), by its own last day."""

    name: str  # empty where the matter has one person
    card_expiry: date
    first_day: date  # on which its renewal can be asked for
    months: int


@value
class MatterView:
    """One matter of a letter: its case, what it lacks, what came, what is to pay, what goes to the window."""

    case: CaseView
    todo: tuple[Item, ...] = ()
    received: tuple[Received, ...] = ()  # in order
    by_staff: tuple[Received, ...] = ()  # came, a person looks at it
    fees: tuple[FeeLine, ...] = ()
    paper: tuple[Paper, ...] = ()
    old_card_usable: bool = False
    companion_title: str = ""  # the procedure that goes along with it: 注销旧卡
    companion_number: str = ""  # and its case, where that asks for nothing of its own
    early: tuple[EarlyView, ...] = ()  # why a person looks at it, where it is nothing but that
    money: tuple[str, ...] = ()  # codes of what is told neutrally: slip.not_due, account.foreign
    heard: frozenset[str] = frozenset()  # Told values that change what is said
    handed_in: tuple[Paper, ...] = ()  # papers for the window that are said to be there already
    came: tuple[str, ...] = ()  # titles of what came, where a person looks only at whether the guide excludes it
    number_differs: bool = False  # the passport number that a mail gives is not the one in the passport
    card_seen: bool = False  # the card itself came
    passports_until: date | None = None  # the first last day of its people's passports, all being valid long enough
    card_expired: date | None = None  # the last day of a card that is over, which a person looks at
    card_over: bool = False  # likewise, where the mail tells only that it is over, and not since when
    obstacles: tuple[str, ...] = ()  # their words, where only a person can say what to do

    @property
    def due_fees(self) -> tuple[FeeLine, ...]:
        """Transfers that are still open."""
        return tuple(line for line in self.fees if line.due)

    @property
    def held_slips(self) -> tuple[Received, ...]:
        """Slips that came and of which a check has found something that a person looks at."""
        slips = {line.fee.slip_kind for line in self.fees}
        return tuple(one for one in self.by_staff if one.codes and one.kind in slips)

    @property
    def pays(self) -> bool:
        """Does the guide ask for money here?"""
        return bool(self.fees)


@value
class SheetView:
    """The guide's sheet for one procedure, for enquiries."""

    procedure: str
    title: str
    variant: str
    variant_title: str
    email_items: tuple[str, ...]
    paper_items: tuple[Paper, ...]
    requirements: tuple[str, ...]  # kinds of `email_items`
    time_limit_days: int
    fees: tuple[Fee, ...]
    tolerance_days: int | None
    standards: tuple[Mapping[str, object], ...] = ()  # what is required of each of `email_items`, for its wording
    clause: str = ""  # of the guide


@value
class Served:
    """What the guide says of a procedure as a whole."""

    procedure: str  # ProcedureKey value
    title: str
    clause: str
    time_limit_days: int
    fees: tuple[Fee, ...]
    tolerance_days: int | None = None  # None: nothing may come later


@value
class Later:
    """A paper, and whether it may come later (guide, the list of what is tolerated)."""

    title: str
    tolerable: bool


@value
class GuideView:
    """What an answer to questions quotes: numbers of the guide as configured, and which procedure is meant."""

    asked: tuple[str, ...] = ()  # QuestionKind values, in the order in which they were asked
    topics: tuple[str, ...] = ()  # of "who": names of groups in config/words/questions.yaml
    named: tuple[Served, ...] = ()  # the procedures that the questions are about; empty: they name none
    procedures: tuple[Served, ...] = ()  # all of them, in the guide's order
    fees: tuple[Fee, ...] = ()
    checks: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)  # kind, check: parameters
    accepted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # kind: formats
    renew_months: int = 0  # how long before a card's last day its renewal may be asked for
    more: tuple[SheetView, ...] = ()  # further procedures that were asked about
    tolerable: tuple[str, ...] = ()  # titles of what may come later, by mail, for a new card
    on_paper: tuple[Paper, ...] = ()  # what goes to the window for a new card
    anyway: tuple[str, ...] = ()  # what is asked and stands in the letter in any case: sums, places
    later: tuple[Later, ...] = ()  # papers of which is asked whether they may come later
    people: int = 0  # how many apply, as whoever asks says
    unanswered: tuple[str, ...] = ()  # what only a person can say, in the words of whoever asks
    more_unanswered: bool = False  # there is more of it, which is not repeated
    doubted: tuple[str, ...] = ()  # what the guide's clause may not answer in full, in the same words
    card_until: str = ""  # the day or month on which the card ends, as whoever asks says, ISO 8601
    renew_from: str = ""  # likewise: from when its renewal may be asked for

    @property
    def procedure(self) -> Served | None:
        """The first procedure that is asked about."""
        return self.named[0] if self.named else None

    @property
    def tolerance_days(self) -> int | None:
        """Working days in which what may come later has to come."""
        return next((one.tolerance_days for one in self.procedures if one.tolerance_days), None)

    def number(self, kind: str, check: str, name: str) -> object:
        """A parameter of a check; None where the configuration has no such check."""
        return self.checks.get(kind, {}).get(check, {}).get(name)

    def formats(self, kind: str) -> tuple[str, ...]:
        """Formats in which a kind is accepted."""
        return self.accepted.get(kind, ())


@value
class LetterView:
    """Everything a letter template sees. One per letter; templates get it as `letter`."""

    kind: LetterKind
    to_name: str  # the name signed in the mail, or empty
    subject_hint: str  # the subject of the answered mail, masked
    today: date
    office: Office
    language: Language = Language.ZH
    matters: tuple[MatterView, ...] = ()
    arrived: tuple[Received, ...] = ()  # what the answered mail brought into a matter that was answered before
    follow_up: bool = False
    nothing_attached: bool = False
    files: int = 0  # of the mail that is answered
    city: CityOffice | None = None  # where papers go; None: not known
    also: tuple[CityOffice, ...] = ()  # the offices of other cities that a question names
    from_city_office: bool = False
    unreadable: tuple[Item, ...] = ()
    cloud_files: tuple[str, ...] = ()
    sheets: tuple[SheetView, ...] = ()
    fees: tuple[FeeLine, ...] = ()  # of the sheets: amounts per person
    topics: tuple[str, ...] = ()  # what is explained besides: why a change that was called free is paid for
    guide: GuideView | None = None  # of an enquiry: what is asked, and what answers quote
    slips_only: bool = False  # to somebody who sent slips alone: it speaks of nothing else
    from_elsewhere: bool = False  # the answered mail came from an address that the case does not know
    paid_by_another: bool = False  # the answered mail brought slips, and this letter is not to whoever sent it
    part: Part | None = None  # an application in several mails: this one, while the rest is awaited
    left: tuple[str, ...] = ()  # whom the answered mail took out of the group, confirmed by name
    alike: tuple[str, ...] = ()  # names of two people each, whose papers a person sorts first
    days_left: int | None = None  # reminder
    answer_by: date | None = None  # when a person answers; only where the office promises it
    result_text: str = ""  # a person's words: all of a result or an answer, a paragraph more in any other letter
    rule_version: str = ""
    test_run: bool = False

    @property
    def case(self) -> CaseView | None:
        """The case the letter is filed under."""
        return self.matters[0].case if self.matters else None

    @property
    def due_case(self) -> CaseView | None:
        """The matter that asks for something and has the earliest last day: a letter names one day only."""
        dated = [m.case for m in self.matters if m.todo and m.case.due is not None]
        return min(dated, key=lambda case: case.due or date.max, default=None)

    @property
    def due(self) -> date | None:
        """The one last day of the letter."""
        return self.due_case.due if self.due_case else None

    @property
    def todo_count(self) -> int:
        """Numbered lines of what is asked."""
        return sum(len(matter.todo) for matter in self.matters)

    @property
    def received_count(self) -> int:
        """Files that came and count, looked at or not."""
        return sum(len(r.files) for matter in self.matters for r in (*matter.received, *matter.by_staff))

    @property
    def offices(self) -> tuple[CityOffice, ...]:
        """Where papers go, and the offices of other cities that a question names."""
        return (*((self.city,) if self.city else ()), *self.also)

    @property
    def heard(self) -> frozenset[str]:
        """Told values of all its matters."""
        return frozenset(told for matter in self.matters for told in matter.heard)

    @property
    def nothing_but_links(self) -> bool:
        """Did the mail bring nothing but links to files that lie elsewhere?"""
        return bool(self.cloud_files) and not self.files and not self.unreadable

    @property
    def has_paper(self) -> bool:
        """Does any matter ask for papers at the window?"""
        return any(matter.paper for matter in self.matters)

    @property
    def case_slips(self) -> tuple[Received, ...]:
        """What came, of a letter that speaks of slips alone."""
        return tuple(r for matter in self.matters for r in (*matter.received, *matter.by_staff))

    @property
    def fees_open(self) -> bool:
        """Does the letter tell an account, and with it where slips go?"""
        return any(matter.due_fees for matter in self.matters)

    @property
    def wanted_by_finance(self) -> tuple[FeeLine, ...]:
        """Transfers whose slip came here and has yet to go to the finance mailbox."""
        astray = {r.kind for m in self.matters for r in m.by_staff if "slip.account" in r.codes}
        lines = (line for matter in self.matters for line in matter.fees if line.fee.slip_kind not in astray)
        return tuple(line for line in lines if line.slip_seen and line.finance_wants and not line.slip_to_finance)

    @property
    def noted(self) -> bool:
        """Has a check found something that is not asked for but looked at by a person?"""
        found = any(r.codes for matter in self.matters for r in matter.by_staff)
        return found or any(matter.card_expired or matter.card_over or matter.number_differs for matter in self.matters)


@value
class Addressee:
    """Who is written to, as the answered mail itself says."""

    name: str = ""  # signed in the mail; empty: nobody signs
    language: Language = Language.ZH
    city: str = ""  # CityOffice.city; empty: not known
    also: tuple[str, ...] = ()  # other cities that the mail speaks of
    city_office: bool = False  # a city office writes itself: it is sent to no office


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
    words: str = ""  # a person's own, see OutboxEntry
    faults: tuple[str, ...] = ()  # how it contradicts itself: such a letter waits for a person


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


_S = OutboxState
OUTBOX_TRANSITIONS = MappingProxyType(
    {
        _S.WAITING: (_S.READY, _S.REJECTED, _S.SUPERSEDED, _S.IN_DOUBT),
        _S.READY: (_S.SENDING, _S.WAITING, _S.DRAFTED, _S.SUPERSEDED, _S.FAILED, _S.IN_DOUBT),
        _S.SENDING: (_S.SENT, _S.READY, _S.FAILED, _S.IN_DOUBT),
        _S.IN_DOUBT: (_S.SENT, _S.READY, _S.FAILED, _S.WAITING),
        _S.DRAFTED: (_S.SENT, _S.REJECTED),
        _S.FAILED: (_S.READY,),
        _S.REJECTED: (_S.READY,),
        _S.SHADOWED: (_S.READY,),
        _S.SUPERSEDED: (),
        _S.SENT: (),
    }
)
STARTS = (_S.WAITING, _S.READY, _S.SHADOWED, _S.IN_DOUBT)  # where a letter begins; in_doubt: only after a restore
UNSENT = (_S.WAITING, _S.READY)  # never handed over: may be written anew, or taken back
SENDABLE_AGAIN = (_S.FAILED, _S.REJECTED, _S.SHADOWED)  # by a person's word


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
    first_tried_at: datetime | None = None  # the first try since a person last let it go
    asked_since: datetime | None = None  # in doubt, and Sent could not be looked into since then
    resent_at: datetime | None = None  # sent once more after a doubt; there is no third time
    restored: bool = False  # may have gone out between a backup and its restore: never again without a clerk
    copy_wanted: bool = False  # whether it lies in Sent is still to be seen to
    words: str = ""  # a person's own: a paragraph more, or, in a result or an answer, all of it
    approved_by: str = ""  # who let it go, with exactly the bytes of `approved_sha256`
    approved_sha256: str = ""
    before_sha256: str = ""  # the bytes before it was written anew last, so that the difference can be shown
