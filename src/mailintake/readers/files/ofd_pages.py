"""A page of an OFD file as pixels: its pictures and lines, and its words where a Chinese font is at hand."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

from mailintake.readers.files.fonts import chinese_font
from mailintake.readers.files.ofd import OfdPage, Package

_MOST_PIXELS = 8_000_000
_DOTS_PER_MM = 200 / 25.4
_PAPER, _INK, _LINE = "white", "#111111", "#666666"


def render_page(file: Path, number: int, *, width: int = 0, pixels: int) -> Image.Image:
    """The page at about 200 dots an inch, or `width` pixels wide. `pixels` is the most that a picture in it may have.
    ValueError where the file or the page cannot be had."""
    with Package(file) as package:
        if not 1 <= number <= package.pages:
            raise ValueError("no such page")
        page = package.page(number)
        scale = width / page.width if width else _DOTS_PER_MM
        scale = min(scale, (_MOST_PIXELS / (page.width * page.height)) ** 0.5)
        paper = Image.new("RGB", (max(1, round(page.width * scale)), max(1, round(page.height * scale))), _PAPER)
        for picture in page.pictures:
            data = package.picture(picture.resource)
            seen = _decoded(data, pixels) if data else None
            if seen is not None:
                size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
                size = min(size[0], 2 * paper.width), min(size[1], 2 * paper.height)
                paper.paste(seen.resize(size), (round(picture.left * scale), round(picture.top * scale)))
    _draw(paper, page, scale)
    return paper


def _decoded(data: bytes, pixels: int) -> Image.Image | None:
    from mailintake.readers.files.image import flat

    try:
        with Image.open(io.BytesIO(data)) as image:
            return flat(image) if image.width * image.height <= pixels else None
    except Exception:  # a picture in a format that nobody here knows leaves its place empty
        return None


def _draw(paper: Image.Image, page: OfdPage, scale: float) -> None:
    draw = ImageDraw.Draw(paper)
    for stroke in page.strokes:
        draw.line([(x * scale, y * scale) for x, y in stroke.points], fill=_LINE)
    for run in page.runs:
        font = chinese_font(max(6, min(200, round(run.size * scale))))
        if font is not None:
            draw.text((run.x * scale, run.y * scale), run.text, font=font, fill=_INK, anchor="ls")
