"""A picture that is all there."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """None: a picture is complete or not."""


@check
def complete_image(subject: Subject, params: Params) -> Result:
    """Every row of the picture could be decoded; cut uploads are common. Other formats are not its matter."""
    if subject.facts is None:
        return NotChecked("unreadable")
    image = subject.facts.image
    return OK if image is None or image.complete else subject.found("unreadable")
