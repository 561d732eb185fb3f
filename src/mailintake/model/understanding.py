"""What the stages before the decision found out about one mail."""

from datetime import datetime
from enum import StrEnum

from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Evidence
from mailintake.model.facts import Field
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import Language, QuestionKind
from mailintake.model.rules import MessageClass
from mailintake.model.series import Part
from mailintake.model.told import Statement
from mailintake.model.value import value


@value
class Screening:
    """Is it for us to answer at all?"""

    message_class: MessageClass | None  # None: an ordinary mail by a person
    parked: bool  # recorded and counted, never answered, never opens a case
    evidence: tuple[Evidence, ...] = ()
    silent: str = ""  # why nobody is written to although a person may have sent it: not_ours


class LinkedBy(StrEnum):
    """Why a mail belongs to a case."""

    NEW = "new"
    TOKEN = "token"  # our own Message-ID in References or In-Reply-To
    NUMBER_AND_SENDER = "number_and_sender"
    FITS_ONE = "fits_one"  # verified sender, exactly one open case fits
    STAFF = "staff"  # a person said so
    GUESS = "guess"  # for staff; nothing changes in the case
    NONE = "none"


@value
class Sent:
    """One of our letters, as the store knows it by Message-ID."""

    message_id: str
    case: str
    to: tuple[str, ...]
    sha256: str = ""  # of its bytes in the file store


@value
class Candidates:
    """Everything the store knows that could matter for one mail; fetched by the shell, judged by `thread`."""

    by_token: tuple[Sent, ...] = ()  # our letters named in References/In-Reply-To
    by_number: tuple[Case, ...] = ()  # cases whose number stands in subject, new text or quote
    by_sender: tuple[Case, ...] = ()  # open cases in which the sender is a participant
    by_company_domain: tuple[Case, ...] = ()  # open cases with a participant of the same non-public mail domain
    by_person: tuple[Case, ...] = ()  # any cases (open or not) with a passport or card number or name named in the mail
    token_cases: tuple[Case, ...] = ()  # the cases of by_token


@value
class Guess:
    """A scored possibility for staff."""

    case: str
    score: float
    why: str


@value
class Link:
    """Which case the mail belongs to, and whether the sender may hear about it."""

    by: LinkedBy
    case: Case | None = None
    verified: bool = False
    guesses: tuple[Guess, ...] = ()  # the likeliest
    unnamed: int = 0  # how many more cases it might be
    related: tuple[str, ...] = ()  # cases of the thread that a new matter comes from
    evidence: tuple[Evidence, ...] = ()


@value
class Intent:
    """One thing the mail asks for."""

    procedure: ProcedureKey
    variant: str
    score: float
    sure: bool
    people: tuple[str, ...] = ()  # names this intent is about; empty: everybody in the mail
    runner_up: ProcedureKey | None = None
    margin: float = 0.0


@value
class CardEnd:
    """The end of the card that an enquiry is about."""

    until: str = ""  # ISO 8601, the day or the month
    renew_from: str = ""  # likewise: from when its renewal may be asked for (guide 2.1②)
    over: bool = False  # it has ended


@value
class Classification:
    """Class of the mail and what it asks for, with every rule that fired or nearly fired."""

    message_class: MessageClass
    intents: tuple[Intent, ...] = ()  # more than one: two procedures in one mail
    sure: bool = True
    evidence: tuple[Evidence, ...] = ()
    conflict: str = ""  # word of the program for staff: small_margin, passport_or_card, withdrawal …
    questions: tuple[QuestionKind, ...] = ()  # what its asking sentences ask about; of an application: besides
    language: Language = Language.ZH
    topics: tuple[str, ...] = ()  # which conditions and exclusions a question about who may apply speaks of
    later: tuple[str, ...] = ()  # kinds of paper of which is asked whether they may come later
    unanswered: tuple[str, ...] = ()  # the sentences that ask what only a person can say, folded
    doubted: tuple[str, ...] = ()  # of an enquiry: those whose answer is likely, not certain
    asked: tuple[str, ...] = ()  # of an enquiry: all that ask
    card: CardEnd | None = None  # of an enquiry


@value
class People:
    """Who is applying, and which file is whose."""

    applicants: tuple[Applicant, ...]
    documents: tuple[Document, ...]
    company: str = ""
    contact: str = ""
    city: str = ""
    fields: tuple[Field, ...] = ()  # facts of the mail body: reason, card_no …
    evidence: tuple[Evidence, ...] = ()


_OPENS_NOTHING = frozenset(
    {MessageClass.UNKNOWN, MessageClass.ENQUIRY, MessageClass.CHASE, MessageClass.THANKS, MessageClass.FINANCE}
)


@value
class Understanding:
    """One mail, understood."""

    message: str  # sha256
    screening: Screening
    link: Link
    classification: Classification
    people: People
    part: Part | None = None  # of an application in several mails
    told: tuple[Statement, ...] = ()  # what it states of its matter

    @property
    def applying(self) -> tuple[Applicant, ...]:
        """Who applies by this mail. Who only asks, seeks work or is asked about is nobody's applicant: where a mail
        belongs to no case and opens none, a paper of his own is needed. Staff see all whom it names (`people`)."""
        if self.link.case is not None or self.classification.message_class not in _OPENS_NOTHING:
            return self.people.applicants
        owners = {document.applicant for document in self.people.documents if document.kind}
        return tuple(person for person in self.people.applicants if person.key in owners)


class Disposition(StrEnum):
    """The recorded fate of one mail: exactly one each."""

    CASE_OPENED = "case_opened"
    CASE_EXTENDED = "case_extended"
    PARKED = "parked"
    FOR_STAFF = "for_staff"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    ANSWERED = "answered"  # an enquiry: sheet sent, no case
    ERASED = "erased"  # whatever it was: nothing of it is left but the keys by which it is known again


@value
class LetterOrder:
    """A letter to be rendered: which, about which case, to whom."""

    letter: LetterKind
    to: tuple[str, ...]
    case: str = ""  # case number; empty: about no case (received, procedure_sheet)
    related: tuple[str, ...] = ()
    procedures: tuple[ProcedureKey, ...] = ()  # procedure_sheet: at most the first is explained
    variant: str = ""  # procedure_sheet
    questions: tuple[QuestionKind, ...] = ()  # procedure_sheet, to_staff: what was asked, in order
    part: Part | None = None  # received: of an application in several mails, whose rest is awaited
    cc: tuple[str, ...] = ()
    days_left: int | None = None
    text: str = ""  # result: what staff wrote
    topics: tuple[str, ...] = ()  # procedure_sheet: as in Classification; else what is explained besides
    unanswered: tuple[str, ...] = ()  # as in Classification
    doubted: tuple[str, ...] = ()  # as in Classification
    card: CardEnd | None = None  # as in Classification
    later: tuple[str, ...] = ()  # as in Classification
    anyway: tuple[QuestionKind, ...] = ()  # asked beside an application, and said by its letter in any case
    people: int = 0  # how many apply, as whoever asks says; 0: nothing is said
    left: tuple[str, ...] = ()  # names of those whom the answered mail took out of the case
    alike: tuple[str, ...] = ()  # names that two people of the mail bear whom nobody could tell apart: not in the case
    speaks: bool = False  # the answered mail asks, tells or wants something: no mere noise


@value
class StaffNotice:
    """A line for the digest: something only a person can decide."""

    code: str  # procedure.conflict, sender.unverified, attachment.unassigned …
    text: str  # evidence from the mail or numbers; wording is in templates/digest
    case: str = ""
    message: str = ""


@value
class NoticeRow:
    """A line for staff, open until somebody closes it."""

    id: int
    at: datetime
    notice: StaffNotice
    closed_at: datetime | None = None


@value
class Decision:
    """New state of the cases concerned and what is to be done; performed by the worker, in one transaction."""

    disposition: Disposition
    cases: tuple[Case, ...] = ()  # new or changed, to be stored whole
    opened: tuple[str, ...] = ()  # numbers among them that are new
    noted: tuple[Case, ...] = ()  # known cases that only learn of these; the mail is not theirs
    letters: tuple[LetterOrder, ...] = ()
    notices: tuple[StaffNotice, ...] = ()
    understanding: Understanding | None = None
    decided_at: datetime | None = None
