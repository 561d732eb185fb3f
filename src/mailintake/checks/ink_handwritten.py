"""本人签名: written by hand."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Relative spread of the width of strokes; typeset fonts are low."""

    min_variation: float = 0.15


@check
def ink_handwritten(subject: Subject, params: Params) -> Result:
    """The strokes vary as a pen's do (guide 1.1(2)②: 本人); a hint for staff, never proof."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    if image.ink_box is None:
        return NotChecked("blank")
    if image.stroke_variation >= params.min_variation:
        return OK
    measured = {"stroke_variation": image.stroke_variation}
    return subject.found("not_handwritten", measured, {"min_variation": params.min_variation})
