"""A4 by its shape."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Short side / long side, and how far it may be off, as a share."""

    ratio: float = 0.7071
    tolerance: float = 0.03


@check
def page_shape(subject: Subject, params: Params) -> Result:
    """The page has the shape of A4, upright or lying (guide 1.1(2)③, reading A13: no dots per inch are asked for)."""
    size = _size(subject)
    if size is None:
        return NotChecked("no_image")
    if abs(min(size) / max(size) / params.ratio - 1) <= params.tolerance:
        return OK
    return subject.found("not_a4", {"width": round(size[0]), "height": round(size[1])}, {"ratio": params.ratio})


def _size(subject: Subject) -> tuple[float, float] | None:
    facts = subject.facts
    if facts is None:
        return None
    if facts.image is not None:
        size: tuple[float, float] = (facts.image.width, facts.image.height)
    elif facts.pdf is not None:
        size = facts.pdf.page_size
    else:
        return None
    return size if min(size) > 0 else None
