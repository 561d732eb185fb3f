"""Format by content, never by extension."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

_ONLY_PDF = ("pdf",)
_PASTED_INTO = (".docx", ".doc", ".wps")


@config_value
class Params:
    """Formats that are accepted, and those with the right content in the wrong wrapping. Empty: those of the kind."""

    formats: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@check
def file_format(subject: Subject, params: Params) -> Result:
    """The file has one of the accepted formats (guide 1.1(2): JPG for pictures, PDF for the basic data); else
    what came, and of a picture its pixels, which another format does not mend."""
    formats = params.formats or subject.kind.formats
    if subject.facts is None:
        return NotChecked("unreadable")
    came = _document_around(subject.document.path) or subject.facts.format
    if not formats or came in formats:
        return OK
    near = came in (params.near or subject.kind.near_formats)
    fault = "not_pdf" if formats == _ONLY_PDF else "format"
    image = subject.facts.image
    pixels = {"width": image.width, "height": image.height} if image is not None else {}
    return subject.found(fault, {"format": came, "near": near, **pixels}, {"formats": list(formats)})


def _document_around(path: str) -> str:
    """Format of the text document a picture was pasted into, from its path (材料.docx/image1.jpeg), or nothing."""
    outer = path.rpartition("/")[0].lower()
    return next((ending[1:] for ending in _PASTED_INTO if outer.endswith(ending)), "")
