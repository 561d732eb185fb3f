"""Enough pixels to read."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Pixels along the longer side."""

    pixels: int = 1500


@check
def min_long_side(subject: Subject, params: Params) -> Result:
    """A scanned page has enough pixels to be read; PDF pages are not its matter. A default of ours."""
    if subject.facts is None:
        return NotChecked("unreadable")
    image = subject.facts.image
    if image is None or max(image.width, image.height) >= params.pixels:
        return OK
    return subject.found("quality", {"width": image.width, "height": image.height}, {"pixels": params.pixels})
