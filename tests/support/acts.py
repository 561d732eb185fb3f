"""People of an invented office, and acts signed by them, for the tests of what staff do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.support.judgement import HE, JI, MONDAY, RULES, case_of, full_papers, mail

from mailintake.model.act import Act, Refused, Signed
from mailintake.model.case import Applicant, Case, State
from mailintake.model.letter import LetterKind, LetterPolicy, Mode, OutboxEntry, OutboxState
from mailintake.model.procedure import ProcedureKey
from mailintake.model.staff import Colleague, Role
from mailintake.stages.acts.frame import Acted, Around
from mailintake.stages.decide.judging import judge

CLERK = Colleague("赵敏", Role.CLERK, "zhao@office.example")
OTHER = Colleague("钱峰", Role.CLERK, "qian@office.example")
HEAD = Colleague("孙岚", Role.HEAD, "sun@office.example")
AUDITOR = Colleague("李审", Role.AUDITOR, "li@office.example")
OPERATOR = Colleague("周运", Role.OPERATOR, "zhou@office.example")
STAFF = (CLERK, OTHER, HEAD, AUDITOR, OPERATOR)
TUESDAY = MONDAY + timedelta(days=1)
P = ProcedureKey
TOLERABLE = ("photo", "signature")  # may follow later in a first application (guide: list of what may be missing)


def signed(act: Act, target: str = "", **more: Any) -> Signed:
    """That act, by a clerk, on Tuesday."""
    said: dict[str, Any] = {"by": CLERK.name, "at": TUESDAY} | more
    return Signed(act, target, **said)


def around(*others: Case, now: datetime = TUESDAY, **more: Any) -> Around:
    """The office on Tuesday."""
    known: dict[str, Any] = {"staff": STAFF, "message": mail(), "numbers": new_numbers()} | more
    return Around(RULES, LetterPolicy(), now, others={case.number: case for case in others}, **known)


def new_numbers() -> Iterator[str]:
    """Numbers for cases that are opened."""
    return (f"LN-2026-{n:06}-0" for n in range(500, 600))


def judged_case(*lacking: str, people: tuple[Applicant, ...] = (HE,), procedure: P = P.NEW, **more: Any) -> Case:
    """A case with every paper but those kinds, judged on Monday."""
    variant = RULES.procedure(procedure).variant("")
    documents = tuple(d for d in full_papers(people, variant.email) if d.kind not in lacking)
    return judge(case_of(procedure, people=people, documents=documents, **more), RULES, MONDAY)


def in_state(state: State, *lacking: str, **more: Any) -> Case:
    """The same in that state."""
    return replace(judged_case(*lacking, **more), state=state)


def done(made: Acted | Refused) -> Acted:
    """An act that must not be refused."""
    assert isinstance(made, Acted), made
    return made


def code(made: Acted | Refused) -> str:
    """Why it was refused."""
    assert isinstance(made, Refused), made
    return made.code


def entry(
    number: int = 1, state: OutboxState = OutboxState.WAITING, letter: LetterKind = LetterKind.CORRECTION, **more: Any
) -> OutboxEntry:
    """A letter of the outbox."""
    row: dict[str, Any] = {
        "mode": Mode.APPROVE,
        "to": ("office@qingchuan.example",),
        "cc": (),
        "subject": "补正",
        "message_id": f"<{number}@office.example>",
        "sha256": "c" * 64,
        "case": "LN-2026-000001-1",
        "in_answer_to": "m1",
        "queued_at": MONDAY,
        "send_after": MONDAY,
    }
    return OutboxEntry(number, letter, state, **(row | more))


PEOPLE = (HE, JI)
