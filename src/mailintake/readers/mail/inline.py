"""Pictures that belong to a layout: logos and icons of signatures are set aside with the reason, photos never."""

from pathlib import Path
from typing import NamedTuple

from mailintake.model.rules import Vocabulary

_ALWAYS_KEPT_BYTES = 60 * 1024
_TINY_SIDE, _TINY_BYTES = 64, 1024
_SMALL_AREA, _SMALL_SIDE = 90_000, 120
_BESIDE_SIGNATURE_AREA = 400_000
_SIGNATURE_RATIO, _SIGNATURE_TOLERANCE, _SIGNATURE_WIDTH = 2.0, 0.06, 200


class Picture(NamedTuple):
    """An image part and how the text uses it."""

    file: Path
    name: str  # the name it was sent under; empty when it had none
    size: int
    referenced: bool  # the HTML shows it in place
    in_signature: bool
    in_quote: bool


def reason_to_ignore(picture: Picture, words: Vocabulary) -> str:
    """Why the picture is no document; empty when it counts. Large ones, ones with a telling name and ones in the shape
    of a handwritten signature's specimen (2:1) always count unless they stand in the signature block."""
    if not picture.referenced or picture.size > _ALWAYS_KEPT_BYTES:
        return ""
    width, height = _dimensions(picture.file)
    if not width:
        return ""
    if min(width, height) <= _TINY_SIDE or picture.size <= _TINY_BYTES:
        return "small inline picture"
    if not _is_generic(picture.name, words.words("mail_layout_picture_names")):
        return ""
    if picture.in_signature and width * height <= _BESIDE_SIGNATURE_AREA:
        return "picture in the signature"
    specimen = abs(width / height - _SIGNATURE_RATIO) <= _SIGNATURE_TOLERANCE and width >= _SIGNATURE_WIDTH
    if specimen and not picture.in_quote:
        return ""
    if width * height <= _SMALL_AREA or min(width, height) <= _SMALL_SIDE:
        return "signature logo"
    return ""


def _dimensions(file: Path) -> tuple[int, int]:
    """Width and height from the file's head, no pixel decoded; zeros when it is no picture."""
    from PIL import Image  # only mails with small inline pictures need it

    try:
        with Image.open(file) as image:
            return image.size
    except Exception:
        return 0, 0


def _is_generic(name: str, layout_names: tuple[str, ...]) -> bool:
    """A name that a program gave: none, image001.png, a row of digits and hexadecimal letters."""
    stem = name.rpartition(".")[0] or name
    bare = "".join(c for c in stem.lower() if c.isalpha())
    if not bare.isascii():
        return any(word in stem.lower() for word in layout_names if not word.isascii())
    return bare in layout_names or not bare.strip("abcdef") or any(c in stem for c in "@$")
