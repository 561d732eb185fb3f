"""Is the portrait sharp, on a light ground, one face of the right size in the middle?"""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.facts import ImageFacts
from mailintake.model.value import config_value


@config_value
class Params:
    """Lightness 0…255; sharpness as variance of the Laplacian at 300 pixels width; shares of the picture; degrees."""

    min_lightness: float = 200.0
    min_sharpness: float = 15.0
    min_face: float = 0.25
    max_face: float = 0.75
    max_off_centre: float = 0.12
    max_tilt: float = 8.0


@check
def portrait_quality(subject: Subject, params: Params) -> Result:
    """Numbers for staff about a portrait, never a refusal: lightness of the border, sharpness and, where the `[face]`
    extra is installed, one face of the right size in the middle and upright. The guide does not say any of it."""
    image = subject.picture
    if image is None:
        return NotChecked("no_image")
    odd = _pixels(image, params) | _face(image, params)
    if odd:
        return subject.found(
            "quality", {name: is_ for name, (is_, _) in odd.items()}, {n: r for n, (_, r) in odd.items()}
        )
    return NotChecked("no_face_reader") if image.faces is None else OK


_Odd = dict[str, tuple[float, float]]


def _pixels(image: ImageFacts, params: Params) -> _Odd:
    odd: _Odd = {}
    if image.background_lightness < params.min_lightness:
        odd["background_lightness"] = (image.background_lightness, params.min_lightness)
    if image.sharpness < params.min_sharpness:
        odd["sharpness"] = (image.sharpness, params.min_sharpness)
    return odd


def _face(image: ImageFacts, params: Params) -> _Odd:
    """What is odd about the face; nothing where nobody looked for one."""
    if image.faces is None:
        return {}
    if image.faces != 1 or image.face_box is None:
        return {"faces": (image.faces, 1)}
    left, top, right, bottom = image.face_box
    share = round((bottom - top) / image.height, 2)
    off = round(abs((left + right) / 2 / image.width - 0.5), 2)
    odd: _Odd = {}
    if not params.min_face <= share <= params.max_face:
        odd["face_share"] = (share, params.min_face if share < params.min_face else params.max_face)
    if off > params.max_off_centre:
        odd["off_centre"] = (off, params.max_off_centre)
    if abs(image.face_tilt) > params.max_tilt:
        odd["tilt"] = (image.face_tilt, params.max_tilt)
    return odd
