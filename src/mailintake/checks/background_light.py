"""Light background."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Median of the border pixels, 0 black … 255 white."""

    min_lightness: float = 200.0


@check
def background_light(subject: Subject, params: Params) -> Result:
    """The background is white or light; a default of ours, the guide does not say it."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    if image.background_lightness >= params.min_lightness:
        return OK
    measured = {"background_lightness": image.background_lightness}
    return subject.found("quality", measured, {"min_lightness": params.min_lightness})
