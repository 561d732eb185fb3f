"""What readers measured about one file. Facts are frozen, stored by (sha256, reader version), never a judgement."""

from enum import StrEnum

from mailintake.model.value import value

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels (images) or points (PDF)


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
    faces: int | None = None  # None: nobody looked
    face_box: Box | None = None  # of the largest
    face_tilt: float = 0.0  # degrees, positive when the right eye of the picture is lower


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


@value
class TextLine:
    """One line of text with its place; score is the OCR's confidence, 1.0 for a text layer."""

    text: str
    page: int = 1
    box: Box = (0, 0, 0, 0)
    score: float = 1.0


@value
class TextFacts:
    """The text of a document. `source` is "layer" (in the file) or "ocr" (seen)."""

    lines: tuple[TextLine, ...]
    source: str = "layer"

    @property
    def text(self) -> str:
        """All lines in reading order, one a line."""
        return "\n".join(line.text for line in self.lines)


@value
class FileFacts:
    """Everything measured about one file."""

    sha256: str
    size: int
    # by content: jpeg png gif bmp tiff webp heic pdf docx doc xlsx xls wps zip rar 7z tnef eml msg ofd text html empty
    # executable macro unknown
    format: str
    problem: str = ""  # a finding code: attachment.unreadable, attachment.unsafe, form.encrypted …
    problem_detail: str = ""
    image: ImageFacts | None = None
    pdf: PdfFacts | None = None
    text: TextFacts | None = None  # None: not read; no lines: read, nothing there


@value
class Field:
    """One thing read out of a document: its standard name, normalised value, the text it came from, and where."""

    name: str  # a standard name, see docs/fields.md
    value: str  # dates ISO 8601, amounts in yuan without separators, numbers upper case
    text: str = ""
    source: str = ""  # mrz | form | layer | ocr | mail | file_name
    sure: bool = True  # check digits or two independent places agree


@value
class Reading:
    """What the text of a document says, by name. Made by pure code from FileFacts and configured words."""

    kind: str = ""  # the document kind the content itself speaks for; empty: it does not say
    fields: tuple[Field, ...] = ()
    evidence: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further kinds the same file holds: both slips on one picture

    def get(self, name: str) -> str | None:
        """Value of the first field of that name, or None."""
        return next((f.value for f in self.fields if f.name == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Values of every field of that name, in reading order."""
        return tuple(f.value for f in self.fields if f.name == name)
