"""Width and height in pixels."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.procedure import Severity
from mailintake.model.value import config_value


@config_value
class Params:
    """The exact size, and the range that 外交部 takes as well: a ratio width / height inside limits."""

    width: int = 600
    height: int = 800
    tolerant_ratio: float = 0.0  # 0: only the exact size
    ratio_tolerance: float = 0.01
    max_width: int = 0
    max_height: int = 0
    min_side: int = 50


@check
def pixel_size(subject: Subject, params: Params) -> Result:
    """The picture is exactly so wide and high (guide 1.1(2)); the right ratio in a smaller size is a hint for staff."""
    image = subject.facts.image if subject.facts else None
    if image is None:
        return NotChecked("no_image")
    if (image.width, image.height) == (params.width, params.height):
        return OK
    severity = Severity.WARN if _tolerable(image.width, image.height, params) else Severity.CORRECT
    measured = {"width": image.width, "height": image.height}
    return subject.found("size", measured, {"width": params.width, "height": params.height}, severity)


def _tolerable(width: int, height: int, params: Params) -> bool:
    if not params.tolerant_ratio or min(width, height) < params.min_side:
        return False
    fits = width <= params.max_width and height <= params.max_height
    return fits and abs(width / height / params.tolerant_ratio - 1) <= params.ratio_tolerance
