"""A row of `cases` to what lists show, whichever driver read it."""

from collections.abc import Mapping
from typing import Any

from mailintake.model.assessment import Flag, Verdict
from mailintake.model.case import DeadlineKind, State
from mailintake.model.codec import decode
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.summary import CaseSummary


def case_summary(row: Mapping[Any, Any]) -> CaseSummary:
    """A case in columns."""
    return CaseSummary(
        number=row["number"],
        procedure=ProcedureKey(row["procedure"]),
        variant=row["variant"],
        state=State(row["state"]),
        company=row["company"],
        city=row["city"],
        opened_at=row["opened_at"],
        last_received_at=row["last_received_at"],
        people=tuple(row["people"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        due=row["due"],
        due_kind=DeadlineKind(row["due_kind"]) if row["due_kind"] else None,
        provisional=row["provisional"],
        todo=tuple(row["todo"]),
        findings=tuple(row["findings"]),
        flags=decode(tuple[Flag, ...], row["flags"]),
        reasons=tuple(row["reasons"]),
        first_answer=LetterKind(row["first_answer"]) if row["first_answer"] else None,
        revision=row["revision"],
        assigned=row["assigned"],
        told_late=row["told_late"],
    )
