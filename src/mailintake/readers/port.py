"""The port to the reader process: bytes on disk in, frozen facts out. Implemented by readers/pool.py and, for
tests of the shells, by any object with the same methods."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.message import InboundMessage
from mailintake.model.value import value

# Facts and texts are stored under it, and only those of the same version are used again. Raise it whenever the same
# bytes give other facts: another library or model, other pixels, another order or other places of lines, a new field
# of FileFacts, a format opened that was not. How `interpret` reads the lines is not stored and needs no new number.
# 2: places of OCR lines on a levelled page; faces; files of Outlook opened.
# 3: pages of a PDF without a layer are pictures; places of lines and of form boxes on their pages; pictures in PDFs.
# 4: OFD, OpenDocument, tar and its compressions, signed mails, portfolios, saved pages, pasted and uuencoded files;
#    cells of tables in their columns, days of workbooks as days.
# 5: pictures are measured on at most 800 pixels; no faces are looked for on scanned sheets.
# 6: scanned sheets are measured on at least 400 pixels instead of 800; lines are looked for on at most 736.
# 7: words of a PDF without its font are placed by boxes; words that come again in many rows, each in its own.
READER_VERSION = 7


@value
class Limits:
    """What one mail may cost. Sizes in bytes, times in seconds."""

    message_bytes: int = 80 * 2**20
    header_bytes: int = 256 * 1024
    parts: int = 500
    depth: int = 30
    archive_entries: int = 300
    archive_bytes: int = 300 * 2**20
    archive_ratio: int = 200
    archive_depth: int = 3
    file_bytes: int = 60 * 2**20
    image_pixels: int = 60_000_000
    pdf_pages: int = 60
    text_pages: int = 6
    memory_bytes: int = 2 * 2**30
    seconds: float = 30.0


@value
class MessageReading:
    """A mail opened: the parsed view, the bytes of every attachment (by sha256, already written into `out`
    by that name) and what was measured of each."""

    message: InboundMessage
    facts: Mapping[str, FileFacts]  # by sha256; archives and their members both


class Readers(Protocol):
    """Raises ReaderFailed when the child crashed, hung or hit its memory limit; never anything else."""

    def warm_up(self) -> Mapping[str, bool]:
        """Start and load what is slow to load, so that a broken installation shows at once. `ocr`: pictures can be
        read; `offline`: the child has no network."""

    def message(self, raw: Path, out: Path) -> MessageReading:
        """Open one mail: walk it, open its archives within limits, measure every file. `out` is an empty folder."""

    def text(self, file: Path, format_: str) -> TextFacts | None:
        """The text of one file: text layer first, OCR for pictures; None where it cannot be read here (no OCR)."""

    def close(self) -> None:
        """End the child process."""


class PagePictures(Protocol):
    """Who draws pages for people to look at. Raises ReaderFailed as `Readers` do."""

    def picture(self, file: Path, format_: str, page: int, width: int) -> bytes | None:
        """One page (the first is 1) as PNG, about `width` pixels wide, at most 2000; None where it cannot be drawn."""
