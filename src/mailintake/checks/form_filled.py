"""The basic-data PDF in the shapes it arrives in."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.facts import PdfFacts, PdfShape
from mailintake.model.procedure import Severity
from mailintake.model.value import config_value

_WITH_FIELDS = (PdfShape.ACROFORM, PdfShape.XFA)
_BLANK = 5  # required fields that a page names and gives no value of, where it gives none at all
_HALVES = ("surname_pinyin", "given_name_pinyin")
_UNKNOWN = "boxes of unknown names"  # Reading.evidence
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
    if facts.pdf.shape not in _WITH_FIELDS:
        return _printed(subject, facts.pdf, params)
    return _fields(subject, params)


def _printed(subject: Subject, pdf: PdfFacts, params: Params) -> Result:
    """A page, not the form: of a scan nobody can take the values over; where the words are there, staff can work with
    it. Labels without a single value beside them are an empty form in either shape."""
    read, blank = subject.reading, {f.name for f in subject.reading.blank}
    if not any(read.get(name) for name in params.required) and len(blank.intersection(params.required)) >= _BLANK:
        return subject.found("empty", {"shape": pdf.shape.value})
    mild = pdf.shape is PdfShape.TEXT
    return subject.found(
        "not_fillable", {"shape": pdf.shape.value}, severity=Severity.WARN if mild else Severity.CORRECT
    )


def _fields(subject: Subject, params: Params) -> Result:
    """Boxes that are there and empty are told. What this edition of the form has no box for is not asked; where it has
    boxes whose names say nothing, the value may stand in one of them, and staff look."""
    absent = [name for name in params.required if not subject.reading.get(name)]
    empty = {field.name for field in subject.reading.blank}
    told = [name for name in absent if name in empty]
    halves = [name for name in told if name in _HALVES]
    if len(told) > len(halves) or len(halves) == len(_HALVES):
        return subject.found("incomplete", {"fields": told})
    if halves:  # a passport may hold one name only (ICAO 9303-3, 4.6): staff see whether this one does
        return subject.found("incomplete", {"fields": halves}, severity=Severity.WARN)
    if absent and _UNKNOWN in subject.reading.evidence:
        return subject.found("incomplete", {"fields": absent}, severity=Severity.WARN)
    return OK
