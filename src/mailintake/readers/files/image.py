"""Pixels to ImageFacts with Pillow: size after the EXIF turn, colour, ink, sharpness. Never trusts verify()."""

import io
import struct
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pillow_heif import register_heif_opener

from mailintake.model.facts import Box, ImageFacts
from mailintake.readers.files.face import find_faces
from mailintake.readers.files.ink import find_ink
from mailintake.readers.port import Limits

register_heif_opener()
_WORK_SIDE = 800  # measuring needs no more pixels than this on the long side
_SHEET_SIDE = 400  # and of a scanned sheet, where neither a face nor a signature fills the frame, at least these
_PORTRAIT_PIXEL = 2  # of a picture with a face in it strokes are no writing, and each second pixel shows where they are
_GAP = 2.0  # shrunk by whole numbers to twice what is wanted first: far cheaper, and the eye sees no change
_PORTRAIT = (1.2, 1.5)  # height / width
_LEAST_WIDTH = 150
_PAGE, _PAGE_WIDTH = 2**0.5, 1000  # sides of a sheet (ISO 216), and pixels from which a picture may be a scan of one
_ORIENTATION = 0x0112  # EXIF
_NEITHER_MARKER_NOR_PADDING = bytes(range(1, 0xF1)) * 8
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # by EXIF orientation (CIPA DC-008, 4.6.4)
# What Pillow's plugins raise at broken files; a TIFF without dimensions, for one, is a TypeError.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error)
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height


class Measured(NamedTuple):
    """What was measured of a picture, or why nothing was."""

    facts: ImageFacts | None
    problem: str = ""  # a finding code
    detail: str = ""


def measure_image(file: Path, limits: Limits) -> Measured:
    """Facts, or a finding code with a detail. A truncated picture still has its size."""
    Image.MAX_IMAGE_PIXELS = limits.image_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                return Measured(_measure(image, file))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Measured(None, "attachment.too_large", "pixels")
    except UnidentifiedImageError:
        return Measured(None, "attachment.unreadable", "not an image")
    except (*_BROKEN, ArithmeticError, MemoryError) as fault:
        return Measured(None, "attachment.unreadable", type(fault).__name__)


def orientation(image: Image.Image) -> int:
    """How the camera was held, 1…8; 1 where the file does not say, or says it in a block that was cut or broken: what
    is said about a picture never costs the picture."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # Pillow raises whatever the block provokes
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def as_seen(image: Image.Image, turn: int) -> Image.Image:
    """Turned by an EXIF orientation, as a viewer shows it."""
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _measure(image: Image.Image, file: Path) -> ImageFacts:
    width, height = image.size
    turn = orientation(image)
    if turn in _TURNED:
        width, height = height, width
    frames = getattr(image, "n_frames", 1)
    format_ = (image.format or "").lower()
    mode, dpi = image.mode, _dpi(image)
    work = _decoded(image) or _without_end(image, file)
    if work is None:
        return ImageFacts(width, height, format_, mode, complete=False, frames=frames, dpi=dpi)
    rgb = flat(as_seen(work, turn))
    scale = width / rgb.width
    grey = rgb.convert("L")
    faces = find_faces(np.asarray(rgb)) if _is_portrait(width, height) else None
    pixel = _PORTRAIT_PIXEL if faces and faces.count else 1
    lightness = np.asarray(grey.reduce(pixel) if pixel > 1 else grey)
    ink = find_ink(lightness)
    return ImageFacts(
        width,
        height,
        format_,
        mode,
        colourfulness=_colourfulness(rgb),
        frames=frames,
        dpi=dpi,
        ink_box=_scaled(ink.box, scale * pixel),
        ink_share=round(ink.share, 5),
        ink_touches_edge=ink.touches_edge,
        stroke_variation=round(ink.variation, 3),
        background_lightness=_border_lightness(lightness),
        sharpness=_sharpness(grey, sheet=_is_sheet(width, height)),
        perceptual_hash=_difference_hash(grey),
        colour_grid=rgb.resize((4, 4), Image.Resampling.BOX).tobytes().hex(),
        faces=faces.count if faces else None,
        face_box=_scaled(faces.box, scale) if faces else None,
        face_tilt=faces.tilt if faces else 0.0,
    )


def _is_portrait(width: int, height: int) -> bool:
    """Upright like an identity photo, and no scanned sheet: to look for faces on pages would only cost time."""
    low, high = _PORTRAIT
    return width >= _LEAST_WIDTH and low <= height / width <= high and not _is_sheet(width, height)


def _is_sheet(width: int, height: int) -> bool:
    """A scanned page, upright or across."""
    shorter, longer = sorted((width, height))
    return shorter >= _PAGE_WIDTH and abs(longer / shorter - _PAGE) < 0.01


def _decoded(image: Image.Image) -> Image.Image | None:
    """Every row decoded (draft mode costs a half or a quarter and still meets a cut file), or None when rows are
    missing."""
    sheet = _is_sheet(*image.size)
    image.draft("RGB", _drafted(image, _SHEET_SIDE if sheet else _WORK_SIDE))
    try:
        image.load()
    except _BROKEN:
        return None
    if not sheet or max(image.size) > _WORK_SIDE:  # a format whose decoder cannot reduce
        image.thumbnail((_WORK_SIDE, _WORK_SIDE), reducing_gap=_GAP)
    return image


def _drafted(image: Image.Image, wanted: int) -> tuple[int, int]:
    """Both sides wanted of the decoder, in the picture's own proportion: of a page, its longer side decides."""
    longer = max(image.size)
    width, height = (max(1, side * wanted // longer) for side in image.size)
    return width, height


def _without_end(image: Image.Image, file: Path) -> Image.Image | None:
    """A JPEG that lacks nothing but its end marker (T.81 B.2.1), or None. The decoder fills up what is missing and does
    not tell, so it is asked twice: whatever follows the data changes the picture only while there are rows to fill."""
    data = file.read_bytes().rstrip(b"\xff") if image.format == "JPEG" else b""
    if not data:
        return None
    ended = [_decoded_bytes(data + filler + b"\xff\xd9") for filler in (b"", _NEITHER_MARKER_NOR_PADDING)]
    if ended[0] is None or ended[1] is None or ended[0].tobytes() != ended[1].tobytes():
        return None
    return ended[0]


def _decoded_bytes(data: bytes) -> Image.Image | None:
    with Image.open(io.BytesIO(data)) as image:
        return _decoded(image)


def flat(image: Image.Image) -> Image.Image:
    """RGB on white: transparent signatures would otherwise turn black."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(paper, rgba).convert("RGB")
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")


def _dpi(image: Image.Image) -> int | None:
    dpi = image.info.get("dpi")
    try:
        return round(float(dpi[0])) or None if dpi else None
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None


def _scaled(box: Box | None, scale: float) -> Box | None:
    if box is None:
        return None
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, right, bottom


def _colourfulness(rgb: Image.Image) -> float:
    small = np.asarray(rgb.resize((64, 64), reducing_gap=_GAP))
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return round(float(spread.mean()), 2)


def _border_lightness(grey: NDArray[np.uint8]) -> float:
    """Median of the top and the two sides (5 %): shoulders reach the bottom of a portrait."""
    band = max(1, grey.shape[0] // 20), max(1, grey.shape[1] // 20)
    upper = grey[: grey.shape[0] // 2]
    edge = np.concatenate([grey[: band[0]].ravel(), upper[:, : band[1]].ravel(), upper[:, -band[1] :].ravel()])
    edge.sort(kind="stable")  # which counts bytes instead of comparing them
    return (float(edge[(len(edge) - 1) // 2]) + float(edge[len(edge) // 2])) / 2


def _sharpness(picture: Image.Image, *, sheet: bool) -> float:
    """Variance of the Laplacian at 300 pixels width, so that figures compare across sizes. It judges portraits; a
    scanned sheet is reduced by the cheapest filter."""
    height = max(8, round(picture.height * 300 / picture.width))
    reduced = picture.resize((300, height), Image.Resampling.BOX if sheet else Image.Resampling.BICUBIC)
    grey = np.asarray(reduced, dtype=np.float32)
    inner = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return round(float(inner.var()), 2)


def _difference_hash(picture: Image.Image) -> str:
    """256-bit dHash: neighbours brighter or not on a 17 × 16 thumbnail. Portraits of different people on white are too
    much alike for the usual 64 bits."""
    grey = np.asarray(picture.resize((17, 16), Image.Resampling.BOX))
    return np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes().hex()
