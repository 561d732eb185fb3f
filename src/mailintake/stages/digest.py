"""What staff must know this morning, in the order of what breaks a promise first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from mailintake.letters.masking import clean, mask_name, mask_text
from mailintake.model.case import DeadlineKind, State
from mailintake.model.digest import CaseLine, DayCount, Digest, Health, NoticeLine, Numbers, SentLine
from mailintake.model.letter import INTERNAL, LetterKind, OutboxEntry, OutboxState
from mailintake.model.rules import RuleSet, WorkCalendar
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import NoticeRow
from mailintake.model.value import value
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import working_days_between

_OURS_FIRST = (DeadlineKind.TIME_LIMIT, DeadlineKind.FIRST_NOTICE, DeadlineKind.CORRECTION)
_TOP = 5
_LOOK_AT_FLAGS = (State.NEEDS_TRIAGE, State.COMPLETE)  # before a person accepts
FOR_A_CLERK = (OutboxState.WAITING, OutboxState.DRAFTED)
_BEFORE_ALL = ("withdrawal.requested",)  # a matter to be stopped: a card is cancelled in three days (guide 5.3)
BROKEN = {OutboxState.FAILED: "letter.failed", OutboxState.IN_DOUBT: "letter.in_doubt"}


@dataclass(frozen=True)
class _Morning:
    """The day, and the working days around it."""

    calendar: WorkCalendar
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def days_left(self, due: date) -> int:
        """Working days from today to `due`: 0 on the day, negative behind it."""
        left = working_days_between(self.today, due, self.calendar)
        return left if due >= self.today else min(left, -1)

    def since(self) -> datetime:
        """This hour of the last working day: what happened later is news."""
        day = self.now - timedelta(days=1)
        while not self.calendar.is_working_day(day.date()):
            day -= timedelta(days=1)
        return day


@value
class Brief:
    """A mail in a few words: who wrote, about what, how it begins, and whom it names."""

    id: int
    sender: str
    subject: str
    words: str = ""
    names: tuple[str, ...] = ()


@value
class Found:
    """What the store holds this morning."""

    cases: tuple[CaseSummary, ...] = ()  # the open ones
    mails: Mapping[str, Brief] = field(default_factory=dict)  # by sha256: those that lines speak of
    waiting_for: frozenset[str] = frozenset()  # cases with a letter that waits for a clerk
    heads: tuple[str, ...] = ()  # whom to ask when a day of ours is over
    notices: tuple[NoticeRow, ...] = ()  # the open ones
    broken: tuple[OutboxEntry, ...] = ()  # letters in one of BROKEN
    sent: Mapping[LetterKind, int] = field(default_factory=dict)  # since `news_since`
    waiting: Mapping[LetterKind, int] = field(default_factory=dict)  # for a clerk
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # Store.counts: "mails", "parked", "findings"


def news_since(now: datetime, calendar: WorkCalendar) -> datetime:
    """This hour of the last working day: what happened later is news. `now` aware."""
    return _Morning(calendar, now.astimezone(SHANGHAI)).since()


def digest(  # noqa: PLR0913 -- a morning, its number and its hours
    found: Found,
    health: Health,
    rules: RuleSet,
    *,
    sequence: int,
    now: datetime,
    next_at: datetime,
    link: str = "",
) -> Digest:
    """One morning. `now` and `next_at` aware; `link`: address of the desk. Names are masked wherever they stand."""
    morning = _Morning(rules.calendar, now.astimezone(SHANGHAI))
    lines = [(case, _line(case, morning, found)) for case in found.cases]
    due = sorted((line for _, line in lines if line.due == morning.today), key=_urgency)
    overdue = sorted((line for _, line in lines if line.due and line.due < morning.today), key=_urgency)
    dated = {line.number for line in (*due, *overdue)}
    complete = _in_state(lines, (State.COMPLETE,), dated)
    waiting = _in_state(lines, (State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE), dated)
    shown = dated | {line.number for line in (*complete, *waiting)}
    return Digest(
        sequence=sequence,
        day=morning.today,
        made_at=morning.now,
        next_at=next_at.astimezone(SHANGHAI),
        due_today=tuple(due),
        overdue=tuple(overdue),
        complete=complete,
        needs_person=_needs_person(found, rules),
        sent=_sent(found),
        waiting=waiting,
        numbers=_numbers(found.cases, found.counts, morning.today),
        health=replace(health, last_good_poll=health.last_good_poll and health.last_good_poll.astimezone(SHANGHAI)),
        others=_in_state(lines, tuple(State), shown),
        link=link.rstrip("/"),
    )


def _urgency(line: CaseLine) -> tuple[date, int, str]:
    kind = _OURS_FIRST.index(line.due_kind) if line.due_kind else len(_OURS_FIRST)
    return (line.due or date.max, kind, line.number)


def _in_state(
    lines: list[tuple[CaseSummary, CaseLine]], states: tuple[State, ...], shown: set[str]
) -> tuple[CaseLine, ...]:
    found = (line for case, line in lines if case.state in states and line.number not in shown)
    return tuple(sorted(found, key=_urgency))


def _line(case: CaseSummary, morning: _Morning, found: Found) -> CaseLine:
    late = case.due is not None and case.due < morning.today and case.due_kind is not DeadlineKind.CORRECTION
    return CaseLine(
        number=case.number,
        procedure=case.procedure.value,
        company=clean(case.company),
        people=tuple(mask_name(name) for name in case.people),
        state=case.state.value,
        verdict=case.verdict.value if case.verdict else "",
        due=case.due,
        due_kind=case.due_kind,
        days_left=None if case.due is None else morning.days_left(case.due),
        provisional=case.provisional,
        todo=case.todo,
        flags=tuple((flag.code, _hidden(flag.evidence, case.people)) for flag in case.flags),
        letter_waits=case.number in found.waiting_for,
        assigned=case.assigned,
        ask=found.heads if late else (),
    )


def _hidden(text: str, names: Iterable[str]) -> str:
    """A text without numbers of documents, and with the names of the people concerned as everywhere else here."""
    shown = mask_text(text)
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) > 1:
            shown = shown.replace(name, mask_name(name))
    return shown


def _needs_person(found: Found, rules: RuleSet) -> tuple[NoticeLine, ...]:
    people = {case.number: case.people for case in found.cases}
    ordered = sorted(found.notices, key=lambda row: row.at)
    lines = [_notice_line(row, found, people) for row in ordered]
    told = {(line.code, line.case) for line in lines}
    lines += [line for case in found.cases for line in _case_notices(case) if (line.code, line.case) not in told]
    lines += [line for line in map(_broken_letter, found.broken) if (line.code, line.case) not in told]
    clauses = {f"prohibited.{item.id}": item.clause for item in rules.prohibitions}
    lines = [replace(line, text=f"{clauses.get(line.code, '')} {line.text}".strip()) for line in lines]
    order = [*_BEFORE_ALL, *dict.fromkeys(line.code for line in lines)]
    return tuple(sorted(lines, key=lambda line: order.index(line.code)))


def _notice_line(row: NoticeRow, found: Found, people: Mapping[str, tuple[str, ...]]) -> NoticeLine:
    """With the mail it is about: who wrote, about what, and how it begins."""
    notice = row.notice
    mail = found.mails.get(notice.message)
    names = (*people.get(notice.case, ()), *(mail.names if mail else ()))
    about = f"mailintake mail show {mail.id if mail else notice.message[:12]}" if notice.message else ""
    subject = _hidden(mail.subject, names) if mail else ""
    text = _hidden(notice.text, names)
    return NoticeLine(
        code=notice.code,
        text="" if text == subject else text,
        case=notice.case,
        message=notice.message,
        subject=subject,
        sender=clean(mail.sender) if mail else "",
        received_at=row.at.astimezone(SHANGHAI),
        command=f"mailintake case show {notice.case}" if notice.case else about,
        line=row.id,
        words=_hidden(mail.words, names) if mail else "",
    )


def _case_notices(case: CaseSummary) -> Iterable[NoticeLine]:
    command = f"mailintake case show {case.number}"
    at = case.last_received_at.astimezone(SHANGHAI)
    subject = clean(case.company)
    if case.state in _LOOK_AT_FLAGS:
        for flag in case.flags:
            text = _hidden(flag.evidence, case.people)
            yield NoticeLine(flag.code, text, case.number, subject=subject, received_at=at, command=command)
    if case.state is State.NEEDS_TRIAGE and not case.flags:
        why = " ".join(case.reasons)
        yield NoticeLine("case.needs_triage", why, case.number, subject=subject, received_at=at, command=command)


def _broken_letter(entry: OutboxEntry) -> NoticeLine:
    return NoticeLine(
        BROKEN[entry.state],
        clean(f"{', '.join(entry.to)} {entry.last_answer}"),
        entry.case,
        subject=clean(entry.subject),
        received_at=entry.queued_at.astimezone(SHANGHAI),
        command=f"mailintake letter show {entry.id}",
    )


def _sent(found: Found) -> tuple[SentLine, ...]:
    kinds = (kind for kind in LetterKind if kind not in INTERNAL)
    counted = ((kind, found.sent.get(kind, 0), found.waiting.get(kind, 0)) for kind in kinds)
    return tuple(SentLine(kind.value, sent, waiting) for kind, sent, waiting in counted if sent or waiting)


def _numbers(cases: tuple[CaseSummary, ...], counts: Mapping[str, Mapping[str, int]], today: date) -> Numbers:
    mails = counts.get("mails", {})
    week = [today - timedelta(days=back) for back in range(6, -1, -1)]
    answered = [case.first_answer for case in cases if case.first_answer]
    right = answered.count(LetterKind.ACKNOWLEDGEMENT)
    return Numbers(
        days=tuple(DayCount(day, mails.get(day.isoformat(), 0)) for day in week),
        parked_by_class=_ranked(counts.get("parked", {})),
        open_by_procedure=_ranked(Counter(case.procedure.value for case in cases)),
        first_time_right=(right, len(answered)),
        top_findings=_ranked(counts.get("findings", {}))[:_TOP],
        told_late=sum(case.told_late for case in cases),
    )


def _ranked(counted: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
