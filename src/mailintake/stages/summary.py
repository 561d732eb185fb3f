"""A case as lists and the digest see it."""

from collections.abc import Iterator

from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, Case, Deadline, DeadlineKind, State
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import Severity
from mailintake.model.summary import CaseSummary
from mailintake.stages.assess.rulings import standing

_VERDICTS = frozenset(
    {LetterKind.ACKNOWLEDGEMENT, LetterKind.CORRECTION, LetterKind.TOLERATED, LetterKind.PAYMENT_REMINDER}
)


def summary_of(case: Case) -> CaseSummary:
    """The case in columns."""
    deadline = next_deadline(case)
    return CaseSummary(
        number=case.number,
        procedure=case.procedure,
        variant=case.variant,
        state=case.state,
        company=case.company,
        city=case.city,
        opened_at=case.opened_at,
        last_received_at=case.last_received_at,
        people=tuple(name for a in case.applicants if (name := a.name or a.name_pinyin)),
        verdict=case.assessment.verdict if case.assessment else None,
        due=deadline.due if deadline else None,
        due_kind=deadline.kind if deadline else None,
        provisional=bool(deadline and deadline.provisional),
        todo=_todo(case),
        findings=tuple(_findings(case)),
        flags=_flags(case),
        reasons=case.assessment.reasons if case.assessment else (),
        first_answer=_first_answer(case),
        revision=case.revision,
        assigned=case.assigned,
        told_late=len({what for letter in case.letters if letter.sent_at for what in letter.late}),
    )


def next_deadline(case: Case) -> Deadline | None:
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


def _findings(case: Case) -> Iterator[str]:
    if case.assessment is not None:
        for checked in case.assessment.documents:
            if not checked.superseded:
                yield from (finding.code for finding in checked.findings)
        yield from (missing.code for missing in case.assessment.missing)
        yield from (finding.code for finding in case.assessment.case_findings)


def _flags(case: Case) -> tuple[Flag, ...]:
    """Flags of the case and those its last assessment raised, each once, that nobody has dismissed."""
    assessed = case.assessment.flags if case.assessment else ()
    return standing(dict.fromkeys((*case.flags, *assessed)), case)


def _first_answer(case: Case) -> LetterKind | None:
    return next((LetterKind(letter.letter) for letter in case.letters if letter.letter in _VERDICTS), None)
