"""Format by content, never by extension."""

from mailintake.checks._registry import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model._value import config_value
from mailintake.model.assessment import NotChecked

_ONLY_PDF = ("pdf",)


@config_value
class Params:
    """Formats that are accepted, and those with the right content in the wrong wrapping. Empty: those of the kind."""

    formats: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@check
def file_format(subject: Subject, params: Params) -> Result:
    """The file has one of the accepted formats (guide 1.1(2): JPG for pictures, PDF for the basic data)."""
    formats = params.formats or subject.kind.formats
    if subject.facts is None:
        return NotChecked("unreadable")
    if not formats or subject.facts.format in formats:
        return OK
    near = subject.facts.format in (params.near or subject.kind.near_formats)
    fault = "not_pdf" if formats == _ONLY_PDF else "format"
    return subject.found(fault, {"format": subject.facts.format, "near": near}, {"formats": list(formats)})
