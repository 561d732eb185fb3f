"""What staff must know this morning, in the order of what breaks a promise first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mailintake.letters.masking import clean, mask_name, mask_text
from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, Case, Deadline, DeadlineKind, State
from mailintake.model.digest import CaseLine, DayCount, Digest, DueKind, Health, NoticeLine, Numbers, SentLine
from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.model.procedure import Severity
from mailintake.model.rules import RuleSet, WorkCalendar
from mailintake.model.understanding import StaffNotice
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import working_days_between

Notices = tuple[tuple[int, datetime, StaffNotice], ...]
_OURS_FIRST = (DueKind.TIME_LIMIT, DueKind.FIRST_NOTICE, DueKind.CORRECTION)
_TOP = 5
_LOOK_AT_FLAGS = (State.NEEDS_TRIAGE, State.COMPLETE)  # before a person accepts
_FOR_A_CLERK = (OutboxState.WAITING, OutboxState.DRAFTED)
_BROKEN = {OutboxState.FAILED: "letter.failed", OutboxState.IN_DOUBT: "letter.in_doubt"}


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


def digest(  # noqa: PLR0913 -- a snapshot of everything the morning looks at
    cases: tuple[Case, ...],
    notices: Notices,
    outbox: tuple[OutboxEntry, ...],
    counts: Mapping[str, Mapping[str, int]],
    health: Health,
    rules: RuleSet,
    *,
    sequence: int,
    now: datetime,
    next_at: datetime,
) -> Digest:
    """One morning. `counts` as the store gives them ("mails", "parked", "findings"); `now` and `next_at` aware."""
    morning = _Morning(rules.calendar, now.astimezone(SHANGHAI))
    lines = [(case, _line(case, morning)) for case in cases]
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
        needs_person=_needs_person(cases, notices, outbox, rules),
        sent=_sent(outbox, morning.since()),
        waiting=waiting,
        numbers=_numbers(cases, counts, morning.today),
        health=replace(health, last_good_poll=health.last_good_poll and health.last_good_poll.astimezone(SHANGHAI)),
        others=_in_state(lines, tuple(State), shown),
    )


def _urgency(line: CaseLine) -> tuple[date, int, str]:
    kind = _OURS_FIRST.index(line.due_kind) if line.due_kind else len(_OURS_FIRST)
    return (line.due or date.max, kind, line.number)


def _in_state(lines: list[tuple[Case, CaseLine]], states: tuple[State, ...], shown: set[str]) -> tuple[CaseLine, ...]:
    found = (line for case, line in lines if case.state in states and line.number not in shown)
    return tuple(sorted(found, key=_urgency))


def _line(case: Case, morning: _Morning) -> CaseLine:
    deadline = _next_deadline(case)
    return CaseLine(
        number=case.number,
        procedure=case.procedure.value,
        company=clean(case.company),
        people=tuple(mask_name(a.name or a.name_pinyin) for a in case.applicants if a.name or a.name_pinyin),
        state=case.state.value,
        verdict=case.assessment.verdict.value if case.assessment else "",
        due=deadline.due if deadline else None,
        due_kind=DueKind(deadline.kind.value) if deadline else None,
        days_left=morning.days_left(deadline.due) if deadline else None,
        provisional=bool(deadline and deadline.provisional),
        todo=_todo(case),
        flags=tuple((flag.code, mask_text(flag.evidence)) for flag in _flags(case)),
    )


def _next_deadline(case: Case) -> Deadline | None:
    """The earliest that still counts. While a company is to send papers our own time limit stands still."""
    waiting = case.state in (State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE)
    counting = [d for d in case.deadlines if not d.met and not (waiting and d.kind is DeadlineKind.TIME_LIMIT)]
    if case.state not in MAIL_SIDE_OPEN:
        counting = [d for d in counting if d.kind is DeadlineKind.TIME_LIMIT]
    return min(counting, key=lambda d: d.due, default=None)


def _todo(case: Case) -> tuple[str, ...]:
    """Codes of what lacks or is wrong, what may not be tolerated first."""
    if case.assessment is None:
        return ()
    missing = sorted(case.assessment.missing, key=lambda m: m.tolerable)
    current = (c for c in case.assessment.documents if not c.superseded)
    findings = (*(f for c in current for f in c.findings), *case.assessment.case_findings)
    wrong = (f.code for f in findings if f.severity is Severity.CORRECT)
    return tuple(dict.fromkeys((*(m.code for m in missing), *wrong)))


def _flags(case: Case) -> tuple[Flag, ...]:
    """Flags of the case and those its last assessment raised, each once."""
    assessed = case.assessment.flags if case.assessment else ()
    return tuple(dict.fromkeys((*case.flags, *assessed)))


def _needs_person(
    cases: tuple[Case, ...], notices: Notices, outbox: tuple[OutboxEntry, ...], rules: RuleSet
) -> tuple[NoticeLine, ...]:
    lines = [_notice_line(at, notice) for _, at, notice in sorted(notices, key=lambda row: row[1])]
    told = {(line.code, line.case) for line in lines}
    lines += [line for case in cases for line in _case_notices(case) if (line.code, line.case) not in told]
    lines += [line for entry in outbox for line in _broken_letter(entry) if (line.code, line.case) not in told]
    clauses = {f"prohibited.{item.id}": item.clause for item in rules.prohibitions}
    lines = [replace(line, text=f"{clauses.get(line.code, '')} {line.text}".strip()) for line in lines]
    order = list(dict.fromkeys(line.code for line in lines))
    return tuple(sorted(lines, key=lambda line: order.index(line.code)))


def _notice_line(at: datetime, notice: StaffNotice) -> NoticeLine:
    command = f"mailintake cases show {notice.case}" if notice.case else f"mailintake explain {notice.message[:12]}"
    return NoticeLine(
        code=notice.code,
        text=mask_text(notice.text),
        case=notice.case,
        message=notice.message,
        received_at=at.astimezone(SHANGHAI),
        command=command if notice.case or notice.message else "",
    )


def _case_notices(case: Case) -> Iterable[NoticeLine]:
    command = f"mailintake cases show {case.number}"
    at = case.last_received_at.astimezone(SHANGHAI)
    subject = clean(case.company)
    if case.state in _LOOK_AT_FLAGS:
        for flag in _flags(case):
            text = mask_text(flag.evidence)
            yield NoticeLine(flag.code, text, case.number, subject=subject, received_at=at, command=command)
    if case.state is State.NEEDS_TRIAGE and not _flags(case):
        why = " ".join(case.assessment.reasons) if case.assessment else ""
        yield NoticeLine("case.needs_triage", why, case.number, subject=subject, received_at=at, command=command)


def _broken_letter(entry: OutboxEntry) -> Iterable[NoticeLine]:
    if entry.state in _BROKEN:
        yield NoticeLine(
            _BROKEN[entry.state],
            clean(f"{', '.join(entry.to)} {entry.last_answer}"),
            entry.case,
            subject=clean(entry.subject),
            received_at=entry.queued_at.astimezone(SHANGHAI),
            command=f"mailintake outbox preview {entry.id}",
        )


def _sent(outbox: tuple[OutboxEntry, ...], since: datetime) -> tuple[SentLine, ...]:
    letters = [entry for entry in outbox if entry.letter is not LetterKind.DIGEST]
    sent = Counter(e.letter for e in letters if e.state is OutboxState.SENT and e.sent_at and e.sent_at >= since)
    waiting = Counter(e.letter for e in letters if e.state in _FOR_A_CLERK)
    kinds = (kind for kind in LetterKind if sent[kind] or waiting[kind])
    return tuple(SentLine(kind.value, sent[kind], waiting[kind]) for kind in kinds)


def _numbers(cases: tuple[Case, ...], counts: Mapping[str, Mapping[str, int]], today: date) -> Numbers:
    mails = counts.get("mails", {})
    week = [today - timedelta(days=back) for back in range(6, -1, -1)]
    answered = [letters for case in cases if (letters := _checked_letters(case))]
    right = sum(letters[0] is LetterKind.ACKNOWLEDGEMENT for letters in answered)
    return Numbers(
        days=tuple(DayCount(day, mails.get(day.isoformat(), 0)) for day in week),
        parked_by_class=_ranked(counts.get("parked", {})),
        open_by_procedure=_ranked(Counter(case.procedure.value for case in cases)),
        first_time_right=(right, len(answered)),
        top_findings=_ranked(counts.get("findings", {}))[:_TOP],
    )


def _checked_letters(case: Case) -> tuple[LetterKind, ...]:
    """Letters that answered a check of the papers, in order."""
    verdicts = (LetterKind.ACKNOWLEDGEMENT, LetterKind.CORRECTION, LetterKind.TOLERATED, LetterKind.PAYMENT_REMINDER)
    return tuple(kind for letter in case.letters if (kind := LetterKind(letter.letter)) in verdicts)


def _ranked(counted: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
