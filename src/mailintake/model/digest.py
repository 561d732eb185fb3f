"""What staff read in the morning, before it becomes words."""

from datetime import date, datetime

from mailintake.model.case import DeadlineKind
from mailintake.model.value import value


@value
class CaseLine:
    """One case in one line."""

    number: str
    procedure: str
    company: str
    people: tuple[str, ...]  # masked
    state: str
    verdict: str
    due: date | None = None
    due_kind: DeadlineKind | None = None
    days_left: int | None = None  # working days; negative: overdue
    provisional: bool = False
    todo: tuple[str, ...] = ()  # finding codes, most urgent first
    flags: tuple[tuple[str, str], ...] = ()  # code, evidence


@value
class NoticeLine:
    """One thing that needs a person."""

    code: str
    text: str
    case: str = ""
    message: str = ""
    subject: str = ""
    sender: str = ""
    received_at: datetime | None = None
    command: str = ""  # the ready command to look at it


@value
class SentLine:
    """Letters that went out or wait, per kind."""

    letter: str
    count: int
    waiting_approval: int = 0


@value
class DayCount:
    """Mails of one day."""

    day: date
    mails: int


@value
class Numbers:
    """Yesterday in figures; the digest draws bars from `days`."""

    days: tuple[DayCount, ...] = ()
    parked_by_class: tuple[tuple[str, int], ...] = ()
    open_by_procedure: tuple[tuple[str, int], ...] = ()
    first_time_right: tuple[int, int] = (0, 0)  # right, all
    top_findings: tuple[tuple[str, int], ...] = ()


@value
class Health:
    """Does the program itself do what it should?"""

    last_good_poll: datetime | None = None
    on_server: int | None = None  # messages in the watched folders
    recorded: int | None = None  # of these, with a fate in our records
    waiting_to_send: int = 0
    quarantined: int = 0
    problems: tuple[tuple[str, str], ...] = ()  # code, detail
    calendar_known_until: date | None = None
    calendar_short: bool = False  # 40 working days ahead are not covered
    rule_version: str = ""


@value
class Digest:
    """One morning."""

    sequence: int
    day: date
    made_at: datetime
    next_at: datetime
    due_today: tuple[CaseLine, ...] = ()
    overdue: tuple[CaseLine, ...] = ()
    complete: tuple[CaseLine, ...] = ()  # 齐全，待受理
    needs_person: tuple[NoticeLine, ...] = ()
    sent: tuple[SentLine, ...] = ()
    waiting: tuple[CaseLine, ...] = ()  # for applicants, earliest due first
    numbers: Numbers = Numbers()
    health: Health = Health()
    others: tuple[CaseLine, ...] = ()  # open, and in none of the blocks above
