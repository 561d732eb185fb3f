"""The text of a file: what is written in it first, what can be seen on it second."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mailintake.model.facts import Sheet, TextFacts, TextLine
from mailintake.readers.files import ocr as eyes
from mailintake.readers.files.measure import IMAGES, OFFICE
from mailintake.readers.heap import give_back
from mailintake.readers.port import Limits

_OFFICE = OFFICE | {"wps"}
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # of the others a mean of neighbours means nothing
_DOTS_PER_POINT = 200 / 72
_RENDERED_PIXELS = 8e6


def read_text(file: Path, format_: str, limits: Limits, *, ocr: bool) -> TextFacts | None:
    """Text layer where there is one, else OCR of the picture or of the first pages. None where it cannot be read here:
    no OCR installed or wanted, a broken file, a format without text."""
    if format_ in _OFFICE:
        from mailintake.readers.files.office import office_text

        return office_text(file, format_, limits).text
    if format_ == "pdf":
        return _pdf_text(file, limits, ocr=ocr)
    if format_ == "ofd":
        return _ofd_text(file, limits, ocr=ocr)
    if format_ in IMAGES and ocr and eyes.available():
        return _seen(_pictures(file, limits))
    return None


def _pdf_text(file: Path, limits: Limits, *, ocr: bool) -> TextFacts | None:
    from mailintake.readers.files.pdf import measure_pdf

    found = measure_pdf(file, limits)
    pictures = found.pdf.picture_pages[: limits.text_pages] if found.pdf is not None else ()
    return _with_seen(found.text, _pages(file, pictures) if pictures and ocr and eyes.available() else None)


def _ofd_text(file: Path, limits: Limits, *, ocr: bool) -> TextFacts | None:
    from mailintake.readers.files.ofd import measure_ofd

    found = measure_ofd(file, limits)
    pictures = found.ofd.picture_pages[: limits.text_pages] if found.ofd is not None else ()
    return _with_seen(found.text, _ofd_pages(file, pictures, limits) if pictures and ocr and eyes.available() else None)


def _with_seen(layer: TextFacts | None, pages: Iterator[tuple[int, "eyes.Pixels"]] | None) -> TextFacts | None:
    """Written pages by their layer, the others by eye: one file often holds both."""
    seen = _seen(pages) if pages is not None else None
    if layer is None or seen is None or not layer.lines:
        return seen or layer
    looked_at = tuple(sheet.page for sheet in seen.sheets)
    lines = sorted((*layer.lines, *seen.lines), key=lambda line: line.page)
    return TextFacts(tuple(lines), layer.source, looked_at, (*layer.sheets, *seen.sheets))


def _seen(pages: Iterator[tuple[int, "eyes.Pixels"]]) -> TextFacts | None:
    lines: list[TextLine] = []
    sheets: list[Sheet] = []
    try:
        for number, pixels in pages:
            read = eyes.read_page(pixels, number)
            lines += read.lines
            sheets.append(read.sheet)
            give_back()
    except (OSError, ValueError, SyntaxError, EOFError):
        if not lines:
            return None
    return TextFacts(tuple(lines), source="ocr", sheets=tuple(sheets))


def _pictures(file: Path, limits: Limits) -> Iterator[tuple[int, "eyes.Pixels"]]:
    """Frames of a picture as the viewer sees them: turned, on white, never above the pixel limit."""
    import numpy as np
    from PIL import Image, ImageSequence

    from mailintake.readers.files.image import flat

    Image.MAX_IMAGE_PIXELS = limits.image_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file) as image:
                image.draft("RGB", (eyes.LONGEST_SIDE, eyes.LONGEST_SIDE))
                for number, frame in enumerate(ImageSequence.Iterator(image)):
                    if number >= limits.text_pages:
                        return
                    yield number + 1, np.asarray(flat(_upright(frame)))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise ValueError(str(bomb)) from None


def _upright(frame: Any) -> Any:
    """As the viewer sees it, and no more than twice as large as reading needs, before it is copied again and again:
    60 megapixels took 1.5 GB."""
    from mailintake.readers.files.image import as_seen, orientation

    turned = as_seen(frame, orientation(frame))
    factor = min(turned.size) // eyes.LONGEST_SIDE
    return turned.reduce(factor) if factor > 1 and turned.mode in _REDUCIBLE else turned


def _ofd_pages(file: Path, wanted: tuple[int, ...], limits: Limits) -> Iterator[tuple[int, "eyes.Pixels"]]:
    import numpy as np

    from mailintake.readers.files.ofd_pages import render_page

    for number in wanted:
        yield number, np.asarray(render_page(file, number, pixels=limits.image_pixels))


def _pages(file: Path, wanted: tuple[int, ...]) -> Iterator[tuple[int, "eyes.Pixels"]]:
    """Rendered pages by number. The scale is clamped first: a page of 14,400 points would take gigabytes."""
    import numpy as np
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(file) as document:
            for number in wanted:
                page = document[number - 1]
                width, height = page.get_size()
                scale = min(_DOTS_PER_POINT, (_RENDERED_PIXELS / max(width * height, 1)) ** 0.5)
                yield number, np.asarray(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
    except pypdfium2.PdfiumError as fault:
        raise ValueError(str(fault)) from None
