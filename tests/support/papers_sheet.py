"""A page as words at places, drawn either as a picture, as a PDF with a text layer, or as a scan."""

import io
import random
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from mailintake.model.facts import TextFacts, TextLine
from mailintake.readers.files.text_grid import reading_order

A4 = (595, 842)  # points
SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SIMPLIFIED = 2  # index of the SC face in Noto's collections; the monospaced SC face lies five further
MONO = 7
_CID = "STSong-Light"


def font(size: int, *, face: str = SANS, index: int = SIMPLIFIED) -> ImageFont.FreeTypeFont:
    """Noto CJK from Debian's fonts-noto-cjk."""
    return ImageFont.truetype(face, size, index=index)


@dataclass(frozen=True)
class Text:
    """Words at a place; `y` is the top, both in points from the upper left corner."""

    x: float
    y: float
    words: str
    size: float = 12
    mono: bool = False


@dataclass
class Sheet:
    """Words, lines and round seals on paper of some size in points."""

    size: tuple[float, float] = A4
    texts: list[Text] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    seals: list[tuple[float, float, float]] = field(default_factory=list)
    dark: bool = False  # light on black, as phones show it at night

    def say(self, x: float, y: float, words: str, size: float = 12, *, mono: bool = False) -> "Sheet":
        """Put words down."""
        self.texts.append(Text(x, y, words, size, mono))
        return self

    def read(self, source: str = "layer", score: float = 1.0) -> TextFacts:
        """The words as a reader would find them, without any reader."""
        lines = [
            TextLine(
                t.words, 1, (round(t.x), round(t.y), round(t.x + t.size * len(t.words)), round(t.y + t.size)), score
            )
            for t in self.texts
        ]
        return TextFacts(tuple(reading_order(lines)), source)

    def image(self, dpi: float = 110) -> Image.Image:
        """The page as pixels."""
        scale = dpi / 72
        paper = Image.new("RGB", (round(self.size[0] * scale), round(self.size[1] * scale)), "white")
        draw = ImageDraw.Draw(paper)
        for x1, y1, x2, y2 in self.lines:
            draw.line((x1 * scale, y1 * scale, x2 * scale, y2 * scale), fill="#444444")
        for text in self.texts:
            face = font(max(6, round(text.size * scale)), index=MONO if text.mono else SIMPLIFIED)
            draw.text((text.x * scale, text.y * scale), text.words, font=face, fill="#111111")
        for x, y, radius in self.seals:
            box = [(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale]
            draw.ellipse(box, outline="#cc2222", width=3)
        return ImageOps.invert(paper) if self.dark else paper

    def jpg(self, dpi: float = 110, quality: int = 85) -> bytes:
        """The page as a JPEG."""
        return jpeg(self.image(dpi), quality)

    def pdf(self) -> bytes:
        """The page with a text layer."""
        if _CID not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(_CID))
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=self.size, invariant=True)
        for text in self.texts:
            canvas.setFont("Courier" if text.mono else _CID, text.size)
            canvas.drawString(text.x, self.size[1] - text.y - text.size, text.words)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    def scan(self, dpi: float = 110) -> bytes:
        """The page as a PDF that is one picture."""
        return picture_pdf(self.image(dpi))


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Bytes of a JPEG."""
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def picture_pdf(image: Image.Image) -> bytes:
    """A PDF whose only page is the picture."""
    out = io.BytesIO()
    image.convert("RGB").save(out, "PDF", resolution=110)
    return out.getvalue()


def degrade(image: Image.Image, how: str, seed: int = 0) -> Image.Image:
    """What happens between paper and mail: phone (shadow, blur, noise), dark, tilted, turned, soft, small."""
    rng = random.Random(seed)
    if how == "phone":
        shade = Image.linear_gradient("L").resize(image.size).point(lambda v: 150 + v * 105 // 255)
        lit = Image.composite(image, ImageEnhance.Brightness(image).enhance(0.55), shade)
        noise = Image.effect_noise(image.size, 18).convert("RGB")
        return Image.blend(lit.filter(ImageFilter.GaussianBlur(0.7)), noise, 0.05)
    if how == "dark":
        return ImageEnhance.Brightness(image).enhance(0.3)
    if how == "tilted":
        return image.rotate(rng.choice((-3, 3)), expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    if how in ("90", "180", "270"):
        return image.rotate(int(how), expand=True)
    if how == "soft":
        return image.filter(ImageFilter.GaussianBlur(1.5))
    if how == "small":
        return image.resize((image.width * 2 // 3, image.height * 2 // 3))
    return image
