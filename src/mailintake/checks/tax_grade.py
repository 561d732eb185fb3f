"""纳税信用等级."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

_OPEN = "grade not told"  # Reading.evidence: a grade is spoken of and could not be read


FACTS = ("tax_grade",)


@config_value
class Params:
    """Grades below M (grades are A, B, M, C, D; reading A7)."""

    flagged: tuple[str, ...] = ("C", "D")


@check
def tax_grade(subject: Subject, params: Params) -> Result:
    """The tax grade is not one of those the guide forbids (禁办 新办4); many tax proofs state none."""
    read = subject.field("tax_grade")
    if read is None and _OPEN in subject.reading.evidence:
        return NotChecked("unsure")
    if read is None:
        return OK if subject.facts and subject.facts.text else subject.unread()
    if read.value.upper() not in params.flagged:
        return OK
    return subject.found("grade", {"grade": read.value, "text": read.text}) if read.sure else NotChecked("unsure")
