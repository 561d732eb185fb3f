"""Words and rules we look for in mail, as declared in config/*.yaml."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from mailintake.model.procedure import DocumentKind, Procedure, ProcedureKey, Prohibition
from mailintake.model.value import config_value, value


class MessageClass(StrEnum):
    """What a mail is, before asking which procedure."""

    APPLICATION = "application"
    SUPPLEMENT = "supplement"
    PAYMENT_SLIP = "payment_slip"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ENQUIRY = "enquiry"
    CHASE = "chase"
    THANKS = "thanks"
    CITY_FORWARD = "city_forward"
    FINANCE = "finance"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    RECALL_NOTICE = "recall_notice"
    READ_RECEIPT = "read_receipt"
    CALENDAR = "calendar"
    PROVIDER_NOTICE = "provider_notice"
    SPAM = "spam"
    OWN = "own"
    UNKNOWN = "unknown"


ASKING = (MessageClass.APPLICATION, MessageClass.CITY_FORWARD)  # somebody applies, or an office passes it on


class Where(StrEnum):
    """Which part of a mail a rule looks at."""

    SUBJECT = "subject"  # without Re:/回复: prefixes
    NEW_TEXT = "new_text"
    QUOTED_TEXT = "quoted_text"
    FILE_NAME = "file_name"
    DOCUMENT_KIND = "document_kind"  # a kind among the assigned documents
    DOCUMENT_TEXT = "document_text"  # text of letters and requests among the documents
    FORM_FIELD = "form_field"
    HEADER = "header"  # "name: value", lower-case name
    SENDER = "sender"  # address
    KNOWN = "known"  # what the database knows: open_new, card_held, card_expiring, pending_application …


@config_value
class Examples:
    """Texts that must and must not make the rule fire; the tests run them, activation refuses a failing one."""

    matches: tuple[str, ...] = ()
    not_matches: tuple[str, ...] = ()


@config_value
class Rule:
    """One line of evidence: if a word (or pattern) stands in one of the places, `score` goes to the target."""

    id: str
    score: float
    where: tuple[Where, ...]
    procedure: ProcedureKey | None = None
    variant: str = ""
    message_class: MessageClass | None = None
    words: tuple[str, ...] = ()  # plain text, any of them; APEC/AEPC, width and traditional forms are folded first
    all_words: tuple[str, ...] = ()  # every one of them
    pattern: str = ""  # a regular expression without nested quantifiers
    unless: tuple[str, ...] = ()  # words nearby (same sentence) that take it back: 不是 并非 无需
    once: bool = True  # counts once however often it stands there
    examples: Examples = Examples()
    source: str = ""


@config_value
class Vocabulary:
    """Named word lists: surnames, quote markers, automatic-reply subjects, field labels …; free keys, lists of text."""

    lists: Mapping[str, tuple[str, ...]]

    def words(self, name: str) -> tuple[str, ...]:
        """The list of that name. KeyError when the configuration lacks it."""
        return self.lists[name]


@config_value
class Fee:
    """One of the two transfers."""

    key: str
    title: str
    amount_cny: int
    payee: str
    account: str
    bank: str
    slip_kind: str  # document kind of its slip
    slip_to: tuple[str, ...] = ()
    clause: str = ""
    source: str = ""


@config_value
class CityOffice:
    """One of the offices of the guide's address list."""

    city: str
    name: str
    address: str
    phone: str
    words: tuple[str, ...] = ()  # how the city shows in mails: names, districts
    domains: tuple[str, ...] = ()  # mail domains of that office, for city_forward
    company_may_come_to_province: bool = False


@config_value
class Office:
    """Who we are. Accounts, phones and addresses in letters come from here and from nowhere else."""

    name: str
    intake_address: str
    finance_address: str
    finance_phone: str
    advice_phone: str
    complaint_phone: str
    hall_name: str
    hall_address: str
    website: str
    template_path: str
    cities: tuple[CityOffice, ...]
    own_addresses: tuple[str, ...] = ()  # further addresses of ours: never answered
    staff_addresses: tuple[str, ...] = ()  # who gets the digest


@config_value
class ClassificationPolicy:
    """When a classification is sure."""

    min_score: float = 3.0
    min_margin: float = 2.0
    near_score: float = 1.0  # losing rules at least this strong are kept as "nearly fired"


@value
class RuleSet:
    """Everything the pure part needs, with the content hash that a case keeps."""

    version: str
    procedures: tuple[Procedure, ...]
    kinds: Mapping[str, DocumentKind]
    prohibitions: tuple[Prohibition, ...]
    screening: tuple[Rule, ...]
    classification: tuple[Rule, ...]
    policy: ClassificationPolicy
    vocabulary: Vocabulary
    fees: Mapping[str, Fee]
    office: Office
    calendar: "WorkCalendar"
    logins: frozenset[str] = frozenset()  # what the whole installation reads and sends with

    def __hash__(self) -> int:
        """What is made of a rule set is made once."""
        return hash(self.version)

    def procedure(self, key: ProcedureKey) -> Procedure:
        """The declared procedure of that key."""
        return next(p for p in self.procedures if p.key == key)


SATURDAY = 5


@value
class WorkCalendar:
    """Working days of the State Council's notices: holidays off, 调休 weekends on."""

    days_off: frozenset[date]
    make_up_days: frozenset[date]
    known_until: date  # of later days only weekends and the fixed days are known
    fixed: frozenset[str] = frozenset()  # "01-01": days off by law in every year

    def is_working_day(self, day: date) -> bool:
        """True on ordinary weekdays and make-up days."""
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off and f"{day:%m-%d}" not in self.fixed

    def after(self, day: date, count: int) -> tuple[date, bool]:
        """The `count`-th working day after `day` (day zero), and whether a calendar notice may still move it."""
        due = day
        for _ in range(count):
            due += timedelta(days=1)
            while not self.is_working_day(due):
                due += timedelta(days=1)
        return due, due > self.known_until
