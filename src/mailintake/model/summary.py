"""What lists, the digest and the clock need of a case: small enough to be read for every open case at once."""

from datetime import date, datetime

from mailintake.model.assessment import Flag, Verdict
from mailintake.model.case import DeadlineKind, State
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.value import value


@value
class CaseSummary:
    """One case in columns. Made from the case whenever it is written (stages.summary), never changed by itself."""

    number: str
    procedure: ProcedureKey
    variant: str
    state: State
    company: str
    city: str
    opened_at: datetime
    last_received_at: datetime
    people: tuple[str, ...] = ()  # as written; whoever shows them to others masks them
    verdict: Verdict | None = None
    due: date | None = None  # the next last day that counts
    due_kind: DeadlineKind | None = None
    provisional: bool = False
    todo: tuple[str, ...] = ()  # finding codes of what lacks or is wrong, what may not be tolerated first
    findings: tuple[str, ...] = ()  # every finding code of the last assessment, as often as it occurs
    flags: tuple[Flag, ...] = ()  # of the case and of its last assessment, each once
    reasons: tuple[str, ...] = ()  # why a person must look, where the assessment says so
    revision: int = 0
    told_late: int = 0  # faults that a first letter could have told and a later one did (漏告知)
    assigned: str = ""  # the colleague whose case it is
    first_answer: LetterKind | None = None  # the first letter that answered a check of the papers
