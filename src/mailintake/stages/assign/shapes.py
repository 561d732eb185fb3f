"""What a picture or a PDF may be by its shape alone: a portrait, a signature, the form."""

from collections.abc import Sequence

from mailintake.model.facts import FileFacts, ImageFacts, PdfShape
from mailintake.model.procedure import DocumentKind
from mailintake.model.rules import RuleSet
from mailintake.model.traits import personal_form

_FORMS = (PdfShape.ACROFORM, PdfShape.XFA, PdfShape.EMPTY_FORM, PdfShape.PLACEHOLDER)
_PORTRAIT = (0.62, 0.85)
_SIGNATURE = (1.5, 3.2)
_SMALL = 1200  # pixels; nobody scans a page that small
_PALE = 25.0  # colourfulness of ink on paper
_GREY = _PALE / 5


def by_shape(facts: FileFacts | None, rules: RuleSet) -> str | None:
    """The kind that a file without a name has by its shape; None where that says nothing."""
    if facts is None:
        return None
    if facts.pdf is not None:
        return personal_form(rules) if facts.pdf.shape in _FORMS else None
    image = facts.image
    if image is None or not image.height or max(image.width, image.height) > _SMALL:
        return None
    return _shape(image, rules)


def shape_among(facts: FileFacts | None, options: Sequence[str], rules: RuleSet) -> str | None:
    """The kind of several possible ones that the shape speaks for, however large the picture is; a large upright
    one may be a page of paper, where that is possible."""
    image = facts.image if facts is not None else None
    if image is None or not image.height:
        return None
    pages = any(rules.kinds[option].shape_hint == "page" for option in options)
    kind = _shape(image, rules)
    if pages and max(image.width, image.height) > _SMALL and kind == hinted("portrait", rules):
        return None
    return kind if kind in options else None


def may_be(facts: FileFacts | None, kind: DocumentKind) -> bool:
    """Does nothing in the shape of a picture speak against the kind that words give it? One that was not opened may be
    whatever it is called."""
    image = facts.image if facts is not None else None
    if not fits(facts, kind) or image is None or not image.height:
        return fits(facts, kind)
    upright = _PORTRAIT[0] <= image.width / image.height <= _PORTRAIT[1]
    return kind.shape_hint != "portrait" or (upright and image.colourfulness > _GREY)


def hinted(hint: str, rules: RuleSet) -> str | None:
    """The kind that has this shape."""
    return next((key for key, kind in rules.kinds.items() if kind.shape_hint == hint), None)


def fits(facts: FileFacts | None, kind: DocumentKind) -> bool:
    """Is the file of a format in which such a paper comes, right or nearly right?"""
    formats = (*kind.formats, *kind.near_formats)
    return facts is None or not formats or facts.format in formats


def _shape(image: ImageFacts, rules: RuleSet) -> str | None:
    ratio = image.width / image.height
    if _PORTRAIT[0] <= ratio <= _PORTRAIT[1] and image.colourfulness > _GREY:
        return hinted("portrait", rules)
    if _SIGNATURE[0] <= ratio <= _SIGNATURE[1] and image.colourfulness < _PALE and image.ink_box is not None:
        return hinted("signature", rules)
    return None
