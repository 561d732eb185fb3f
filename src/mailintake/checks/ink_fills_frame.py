"""签名充满边框内: the strokes fill the frame."""

import math

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Least share of the picture's width and height that the box around the strokes takes, 0…1 (reading A18)."""

    min_width: float = 0.75
    min_height: float = 0.60


@check
def ink_fills_frame(subject: Subject, params: Params) -> Result:
    """The box around the strokes is nearly as wide and high as the picture (guide 1.1(2)②)."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    if image.ink_box is None or not image.width or not image.height:
        return NotChecked("blank")
    left, top, right, bottom = image.ink_box
    width, height = (right - left) / image.width, (bottom - top) / image.height
    if width >= params.min_width and height >= params.min_height:
        return OK
    measured = {"width_share": _down(width), "height_share": _down(height)}
    return subject.found("not_filling", measured, {"min_width": params.min_width, "min_height": params.min_height})


def _down(share: float) -> float:
    """Two places, rounded down: 0.7499 must not be told as the 0.75 that is required."""
    return math.floor(share * 100) / 100
