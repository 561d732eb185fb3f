"""The basic-data PDF in the shapes it arrives in."""

from mailintake.checks._registry import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.facts import PdfFacts, PdfShape
from mailintake.model.procedure import Severity
from mailintake.model.value import config_value

_WITH_FIELDS = (PdfShape.ACROFORM, PdfShape.XFA)
_EMPTY = (PdfShape.EMPTY_FORM, PdfShape.PLACEHOLDER, PdfShape.BLANK)


@config_value
class Params:
    """Standard names of the fields that must be filled in."""

    required: tuple[str, ...] = ()


@check
def form_filled(subject: Subject, params: Params) -> Result:
    """The form is the fillable PDF and is filled in (guide 1.1(2)④: opened with Adobe Acrobat Reader)."""
    facts = subject.facts
    if facts is None:
        return NotChecked("unreadable")
    if facts.problem == "form.encrypted":
        return subject.found("encrypted")
    if facts.format != "pdf":
        return subject.found("not_pdf", {"format": facts.format}, {"formats": ["pdf"]})
    if facts.pdf is None:
        return NotChecked("unreadable")
    if facts.pdf.shape in _EMPTY:
        return subject.found("empty", {"shape": facts.pdf.shape.value})
    if facts.pdf.shape is PdfShape.SCAN:
        return subject.found("not_fillable", {"shape": facts.pdf.shape.value})
    if facts.pdf.shape not in _WITH_FIELDS:  # printed to PDF: the words are there, so staff can work with it
        return subject.found("not_fillable", {"shape": facts.pdf.shape.value}, severity=Severity.WARN)
    return _fields(subject, facts.pdf, params)


def _fields(subject: Subject, pdf: PdfFacts, params: Params) -> Result:
    absent = [name for name in params.required if not subject.reading.get(name)]
    if not absent:
        return OK
    # The applicant is told only when the form itself shows as many empty boxes: else it may be that we do not know
    # what this edition of the form calls its fields.
    empty = sum(1 for _, text in pdf.fields if not text.strip())
    severity = Severity.CORRECT if empty >= len(absent) else Severity.WARN
    return subject.found("incomplete", {"fields": absent}, severity=severity)
