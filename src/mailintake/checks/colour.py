"""Colour, not black and white."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Mean difference of the strongest and the weakest of red, green and blue, 0…255."""

    min_colourfulness: float = 4.0


@check
def colour(subject: Subject, params: Params) -> Result:
    """The picture is in colour (guide 1.1(2)①, 3.1②)."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    if image.colourfulness >= params.min_colourfulness:
        return OK
    return subject.found("not_colour", {"colourfulness": image.colourfulness})
