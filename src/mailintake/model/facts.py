"""What readers measured about one file. Facts are frozen, stored by (sha256, reader version), never a judgement."""

import math
from collections.abc import Iterable
from enum import StrEnum

from mailintake.model.value import value

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels (images) or points (PDF)
Edges = tuple[float, float, float, float]  # the same, measured


@value
class Area:
    """A rectangle on a page as a viewer shows it: shares of its width and height, 0…1 from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


def area(box: Edges, width: float, height: float) -> Area | None:
    """The box, in the units of `width` × `height`, as shares of them; None where the page has no size."""
    if width <= 0 or height <= 0:
        return None
    left, top, right, bottom = (
        round(min(1.0, max(0.0, edge / side)), 4) for edge, side in zip(box, (width, height) * 2, strict=True)
    )
    return Area(left, top, right, bottom)


@value
class Sheet:
    """How a page lay when its lines were read. Boxes of lines are of the page turned upright and levelled; width and
    height, in the same units, of the page as a viewer shows it."""

    page: int
    width: float
    height: float
    quarter_turns: int = 0  # counter-clockwise, before reading
    slope: float = 0.0  # radians by which the turned page was levelled, clockwise

    def place(self, box: Edges) -> Area | None:
        """Where a box of a line lies on the page as shown."""
        left, top, right, bottom = box
        corners = [self._shown(x, y) for x in (left, right) for y in (top, bottom)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return area((min(xs), min(ys), max(xs), max(ys)), self.width, self.height)

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        cos, sin = math.cos(self.slope), math.sin(self.slope)
        x, y = x * cos - y * sin, x * sin + y * cos
        match self.quarter_turns % 4:
            case 1:
                return self.width - y, x
            case 2:
                return self.width - x, self.height - y
            case 3:
                return y, self.height - x
        return x, y


class PdfShape(StrEnum):
    """The five shapes a basic-data form arrives in, and what else a PDF can be."""

    ACROFORM = "acroform"  # fields with values
    XFA = "xfa"  # datasets packet with values
    EMPTY_FORM = "empty_form"  # a form, AcroForm or XFA, without values
    PLACEHOLDER = "placeholder"  # only the page that asks for Adobe Reader
    TEXT = "text"  # printed to PDF: a text layer, no fields
    SCAN = "scan"  # pages are pictures
    BLANK = "blank"


@value
class ImageFacts:
    """Pixels, after the EXIF turn. Ratios are width / height; shares are 0…1."""

    width: int
    height: int
    format: str  # Pillow's name in lower case: jpeg, png, heif …
    mode: str
    colourfulness: float = 0.0  # mean of max(R,G,B) - min(R,G,B), 0…255
    complete: bool = True  # every pixel row could be decoded
    frames: int = 1
    dpi: int | None = None
    ink_box: Box | None = None  # bounding box of the dark strokes; None: nothing found
    ink_share: float = 0.0  # share of pixels that are ink
    ink_touches_edge: bool = False
    stroke_variation: float = 0.0  # relative spread of stroke width; typeset fonts are low
    background_lightness: float = 0.0  # median of the border pixels, 0…255
    sharpness: float = 0.0
    perceptual_hash: str = ""
    colour_grid: str = ""  # red, green, blue of 4 × 4 equal fields, row by row, 96 hexadecimal digits
    faces: int | None = None  # None: nobody looked
    face_box: Box | None = None  # of the largest
    face_tilt: float = 0.0  # degrees, positive when the right eye of the picture is lower


@value
class FormBox:
    """Where a form field stands; a field without a visible box has none."""

    name: str  # full field name
    page: int
    place: Area


@value
class PdfFacts:
    """A PDF as opened without running anything in it."""

    pages: int
    shape: PdfShape
    fields: tuple[tuple[str, str], ...] = ()  # full field name, value as text
    page_size: tuple[float, float] = (0.0, 0.0)  # first page in points, after rotation
    images: int = 0
    repaired: bool = False
    labels: tuple[tuple[str, str], ...] = ()  # full field name, its tool tip or the words beside it
    picture_pages: tuple[int, ...] = ()  # pages that are pictures without a text layer worth the name
    boxes: tuple[FormBox, ...] = ()
    pixels: tuple[int, int] = (0, 0)  # width and height of the largest picture on the first page


@value
class OfdFacts:
    """An OFD file (GB/T 33190) as opened without running anything in it."""

    pages: int
    page_size: tuple[float, float] = (0.0, 0.0)  # first page in points
    picture_pages: tuple[int, ...] = ()  # pages that are pictures with next to no words
    seals: tuple[str, ...] = ()  # whose electronic seals it bears, as the seals say; nothing was verified


@value
class TextLine:
    """One line of text with its place; score is the OCR's confidence, 1.0 for a text layer."""

    text: str
    page: int = 1
    box: Box = (0, 0, 0, 0)
    score: float = 1.0
    at: Box | None = None  # where exactly it stands, in a text layer whose `box` follows the columns of the page


@value
class TextFacts:
    """The text of a document. `source` is "layer" (in the file) or "ocr" (seen)."""

    lines: tuple[TextLine, ...]
    source: str = "layer"
    seen_pages: tuple[int, ...] = ()  # of a file with a layer: the pages that had none and were read by OCR
    sheets: tuple[Sheet, ...] = ()

    @property
    def text(self) -> str:
        """All lines in reading order, one a line."""
        return "\n".join(line.text for line in self.lines)


@value
class FileFacts:
    """Everything measured about one file."""

    sha256: str
    size: int
    # By content: jpeg png gif bmp tiff webp heic pdf ofd docx doc xlsx xls pptx ppt odf wps ole rtf text html mhtml zip
    # rar 7z tar gzip bzip2 xz zstd tnef eml msg cms uu iwork video disk_image shortcut executable macro svg empty
    # unknown; by name and content: owner_file resource_fork volume.
    format: str
    problem: str = ""  # a finding code: attachment.unreadable, attachment.unsafe, form.encrypted …
    problem_detail: str = ""
    image: ImageFacts | None = None
    pdf: PdfFacts | None = None
    ofd: OfdFacts | None = None
    text: TextFacts | None = None  # None: not read; no lines: read, nothing there


@value
class Field:
    """One thing read out of a document: its standard name, normalised value, the text it came from, and where."""

    name: str  # a standard name, see docs/fields.md
    value: str  # dates ISO 8601, amounts in yuan without separators, numbers upper case
    text: str = ""
    source: str = ""  # mrz | form | layer | ocr | mail | file_name | quoted
    sure: bool = True  # check digits or two independent places agree
    page: int | None = None  # 1 is the first; None: not in a file, or nobody knows where
    box: Area | None = None


TOLD_UNTIL = "card_told_until"  # name of the field with words that tell no day and no month on which a card ends
OVER = "card_over"  # name of the field with words that say that a card has ended, and not since when
ROUGHLY = (TOLD_UNTIL, "card_expiry_month")  # fields that tell when a card ends, not to the day
GROUP_SIZE = "group_size"  # name of the field that says how many people a mail speaks of


def announced(fields: Iterable[Field]) -> int:
    """How many people the fields of a mail or a case speak of, the largest number; 0: none is told."""
    return max((int(f.value) for f in fields if f.name == GROUP_SIZE and f.value.isdecimal()), default=0)


@value
class Reading:
    """What the text of a document says, by name. Made by pure code from FileFacts and configured words."""

    kind: str = ""  # the document kind the content itself speaks for; empty: it does not say
    fields: tuple[Field, ...] = ()
    evidence: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further kinds the same file holds: both slips on one picture
    blank: tuple[Field, ...] = ()  # boxes of a form that are there and empty

    def get(self, name: str) -> str | None:
        """Value of the first field of that name, or None."""
        return next((f.value for f in self.fields if f.name == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Values of every field of that name, in reading order."""
        return tuple(f.value for f in self.fields if f.name == name)
