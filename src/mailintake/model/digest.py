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
    letter_waits: bool = False  # its letter is written and waits for somebody's yes
    assigned: str = ""  # the colleague whose case it is
    ask: tuple[str, ...] = ()  # who is asked to see to it, because our own day is over


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
    line: int = 0  # its number, by which it is called: #17; 0: it follows from the case itself
    words: str = ""  # how the mail begins


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
    told_late: int = 0  # faults of open cases that a first letter could have told and a later one did (漏告知)


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
    log_mark: str = ""  # last line of the log as NUMBER:HASH; a log that is written anew later does not fit it

    @property
    def well(self) -> bool:
        """Is there nothing that anybody should mend? Then, and only then, the page may say so."""
        counted = self.on_server is not None and self.on_server == self.recorded
        polled = self.last_good_poll is not None
        return counted and polled and not (self.problems or self.quarantined or self.calendar_short)


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
    link: str = ""  # address of the desk; empty: no links

    @property
    def everything(self) -> tuple[CaseLine, ...]:
        """Every open case once, the most urgent first."""
        lines = (*self.overdue, *self.due_today, *self.complete, *self.waiting, *self.others)
        return tuple({line.number: line for line in lines}.values())

    @property
    def to_do(self) -> int:
        """Things that wait for staff, each counted once: cases overdue, and lines about anything else."""
        late = {line.number for line in self.overdue}
        return len(late) + sum(line.case not in late for line in self.needs_person)

    def count(self, *states: str) -> int:
        """Open cases in these states, dated ones included."""
        return sum(line.state in states for line in self.everything)
