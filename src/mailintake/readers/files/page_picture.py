"""One page of any file as a PNG of bounded size, made anew from pixels: what a person looks at, never the stranger's
own bytes."""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageDraw, ImageSequence

from mailintake.model.facts import TextFacts
from mailintake.readers.files.fonts import chinese_font
from mailintake.readers.files.measure import IMAGES, OFFICE
from mailintake.readers.port import Limits

WIDEST, _LEAST = 2000, 50
_MOST_PIXELS = 8_000_000
_SIZE_OF_ROW = 0.8  # of a row's height: what a letter takes of it


def page_picture(file: Path, format_: str, page: int, width: int, limits: Limits) -> bytes | None:
    """PNG of that page (the first is 1), about `width` pixels wide, never more than 2000 and never magnified more than
    a document needs to be read. None for a page that is not there and for what cannot be drawn."""
    wide = max(_LEAST, min(WIDEST, width))
    try:
        drawn = _drawn(file, format_, page, wide, limits)
    except Exception:  # libraries raise whatever the file provokes; there is nothing to show then
        return None
    if drawn is None:
        return None
    out = io.BytesIO()
    _bounded(drawn, wide).save(out, "PNG")
    return out.getvalue()


def _drawn(file: Path, format_: str, page: int, width: int, limits: Limits) -> Image.Image | None:
    if page < 1:
        return None
    if format_ in IMAGES:
        return _frame(file, page, limits)
    if format_ == "pdf":
        return _pdf_page(file, page, width)
    if format_ == "ofd":
        from mailintake.readers.files.ofd_pages import render_page

        return render_page(file, page, width=width, pixels=limits.image_pixels)
    if format_ in OFFICE:
        from mailintake.readers.files.office import office_text

        text = office_text(file, format_, limits).text
        return None if text is None else _words(text, page, width)
    return None


def _frame(file: Path, page: int, limits: Limits) -> Image.Image | None:
    from mailintake.readers.files.image import as_seen, flat, orientation

    Image.MAX_IMAGE_PIXELS = limits.image_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(file) as image:
            image.draft("RGB", (WIDEST, WIDEST))
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number == page:
                    return flat(as_seen(frame, orientation(frame)))
                if number >= limits.pdf_pages:
                    return None
    return None


def _pdf_page(file: Path, page: int, width: int) -> Image.Image | None:
    import pypdfium2

    with pypdfium2.PdfDocument(file) as document:
        if page > len(document):
            return None
        document.init_forms()  # values of form fields are drawn by it
        shown = document[page - 1]
        across, down = shown.get_size()
        scale = min(width / max(across, 1), (_MOST_PIXELS / max(across * down, 1)) ** 0.5)
        picture: Image.Image = shown.render(scale=scale).to_pil().convert("RGB")
        return picture


def _words(text: TextFacts, page: int, width: int) -> Image.Image | None:
    """Lines where the reader put them, on white."""
    sheet = next((sheet for sheet in text.sheets if sheet.page == page), None)
    if sheet is None:
        return None
    scale = min(width / sheet.width, (_MOST_PIXELS / (sheet.width * sheet.height)) ** 0.5)
    paper = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
    draw = ImageDraw.Draw(paper)
    for line in text.lines:
        left, top, _, bottom = line.box
        font = chinese_font(max(6, round((bottom - top) * scale * _SIZE_OF_ROW)))
        if line.page == page and font is not None:
            draw.text((left * scale, top * scale), line.text, font=font, fill="#111111")
    return paper


def _bounded(picture: Image.Image, width: int) -> Image.Image:
    factor = min(1.0, width / picture.width, (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    if factor == 1.0:
        return picture
    return picture.resize((max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))
