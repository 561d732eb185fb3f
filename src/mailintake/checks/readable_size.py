"""Large enough for anybody to read."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.facts import PdfShape
from mailintake.model.value import config_value


@config_value
class Params:
    """Pixels along the longer side: below `never` nobody can read a page; below `doubtful` it is readable only when
    `field` was surely read on it (empty: nothing is held against it)."""

    never: int = 400
    doubtful: int = 800
    field: str = ""


@check
def readable_size(subject: Subject, params: Params) -> Result:
    """The page is not a thumbnail on which no number can be read (guide 1.1(2)③ asks for A4); figures are ours."""
    if subject.facts is None:
        return NotChecked("unreadable")
    size = _pixels(subject)
    if size is None or max(size) >= params.doubtful:
        return OK
    if max(size) >= params.never:
        if not params.field:
            return OK
        if subject.facts.text is None:
            return NotChecked("no_text")
        read = subject.field(params.field)
        if read is not None and read.sure:
            return OK
    return subject.found("unreadable", {"width": size[0], "height": size[1]}, {"pixels": params.doubtful})


def _pixels(subject: Subject) -> tuple[int, int] | None:
    """Of the picture, or of the picture that a scanned PDF consists of."""
    facts = subject.facts
    if facts is not None and facts.image is not None:
        return facts.image.width, facts.image.height
    pdf = facts.pdf if facts is not None else None
    return pdf.pixels if pdf is not None and pdf.shape is PdfShape.SCAN and max(pdf.pixels) else None
