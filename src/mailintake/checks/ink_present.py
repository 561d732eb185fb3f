"""Something is written."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Share of all pixels that are ink, 0…1."""

    min_share: float = 0.004


@check
def ink_present(subject: Subject, params: Params) -> Result:
    """The signature is not an empty picture (guide 1.1(2)②)."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    if image.ink_box is not None and image.ink_share >= params.min_share:
        return OK
    return subject.found("blank", {"ink_share": image.ink_share}, {"min_share": params.min_share})
