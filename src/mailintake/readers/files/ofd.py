"""OFD (GB/T 33190-2016): what is written on each page and where, its pictures, its seals. Nothing is fetched or run.

Social-insurance lists, tax certificates, bank receipts and e-invoices come so from Chinese portals. Locations are as
producers write them: from the root or from the file that names them, in any case.
"""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mailintake.model.facts import OfdFacts, Sheet, TextFacts, TextLine
from mailintake.model.value import value
from mailintake.readers.files.ofd_seals import seal_owner
from mailintake.readers.files.ofd_text import Affine, Picture, Run, Stroke, drawn, lines_of, numbers
from mailintake.readers.files.office_xml import read_member
from mailintake.readers.files.xml_events import XmlRefused
from mailintake.readers.files.xml_tree import Element, tree
from mailintake.readers.port import Limits

UNREADABLE, ENCRYPTED = "attachment.unreadable", "attachment.encrypted"
POINTS_PER_MM = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_MOST_ENTRIES, _MOST_SEALS = 5000, 20
_FEW_CHARACTERS = 50
_TOTAL_BYTES = 64 * 2**20
_NOTHING = Element("", {})
_VALUE = "SignedValue.dat"
_LARGEST_SIDE = 5000.0  # millimetres


@value
class OfdMeasured:
    """What was found in an OFD file: its facts and written text, or the code of what is wrong with it."""

    ofd: OfdFacts | None = None
    text: TextFacts | None = None
    problem: str = ""
    detail: str = ""


class OfdFault(ValueError):
    """No OFD, or one that cannot be read."""


@value
class OfdPage:
    """What is drawn on a page; `width` and `height` in millimetres."""

    width: float
    height: float
    runs: tuple[Run, ...]
    pictures: tuple[Picture, ...]
    strokes: tuple[Stroke, ...]


def measure_ofd(file: Path, limits: Limits) -> OfdMeasured:
    """Facts and written text. Never raises for what is in the file."""
    try:
        with Package(file) as package:
            if package.encrypted:
                return OfdMeasured(problem=ENCRYPTED, detail="password")
            pages = [package.page(n) for n in range(1, min(package.pages, limits.pdf_pages) + 1)]
            if not pages:
                return OfdMeasured(problem=UNREADABLE, detail="no pages")
            return _measured(package, pages)
    except Exception as fault:  # zipfile and zlib raise whatever the file provokes
        return OfdMeasured(problem=UNREADABLE, detail=type(fault).__name__)


def _measured(package: "Package", pages: list[OfdPage]) -> OfdMeasured:
    lines: list[TextLine] = []
    sheets: list[Sheet] = []
    pictures: list[int] = []
    for number, page in enumerate(pages, 1):
        written = lines_of(page.runs, number, POINTS_PER_MM)
        if page.pictures and sum(len("".join(line.text.split())) for line in written) < _FEW_CHARACTERS:
            pictures.append(number)
            continue
        lines += written
        sheets.append(Sheet(number, page.width * POINTS_PER_MM, page.height * POINTS_PER_MM))
    size = round(pages[0].width * POINTS_PER_MM, 1), round(pages[0].height * POINTS_PER_MM, 1)
    facts = OfdFacts(package.pages, size, tuple(pictures), tuple(package.seals()))
    nothing_written = len(pictures) == len(pages)
    return OfdMeasured(facts, None if nothing_written else TextFacts(tuple(lines), sheets=tuple(sheets)))


class Package:
    """An open OFD file; of several documents in it the first (every producer writes one)."""

    def __init__(self, file: Path) -> None:
        self._zip = ZipFile(file)
        try:
            self._open()
        except BaseException:
            self._zip.close()
            raise

    def _open(self) -> None:
        if len(self._zip.namelist()) > _MOST_ENTRIES:
            raise OfdFault("too many entries")
        self._names = {name.replace("\\", "/").lstrip("/").casefold(): name for name in self._zip.namelist()}
        self._left = _TOTAL_BYTES
        root = self.xml("OFD.xml")
        body = root.first("DocBody")
        if body is None:
            raise OfdFault("no document")
        self.encrypted = root.first("Encryptions") is not None or body.first("Encryptions") is not None
        self._signatures = self.resolve("OFD.xml", body.said("Signatures"))
        self._at = self.resolve("OFD.xml", body.said("DocRoot"))
        self._document = self.xml(self._at)
        self._common = self._document.first("CommonData") or _NOTHING
        self._pages = [page.attributes.get("BaseLoc", "") for page in self._document.every("Pages", "Page")]
        self._media: dict[str, str] = {}
        self._loaded = False
        self._units: dict[str, Element] = {}

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def pages(self) -> int:
        """How many pages the document has."""
        return len(self._pages)

    def page(self, number: int) -> OfdPage:
        """The page of that number, its template below it. A part that is not there draws nothing."""
        at = self.resolve(self._at, self._pages[number - 1])
        content = self._xml_or_nothing(at)
        boxes = content.said("Area", "PhysicalBox"), self._common.said("PageArea", "PhysicalBox")
        left, top, width, height = next((b for text in boxes if len(b := numbers(text)) == 4), _A4)
        if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
            raise OfdFault("page size")
        self._load_resources(content, at)
        found: list[Run | Picture | Stroke] = []
        for part in (*self._templates(content), content):
            for layer in part.every("Content", "Layer"):
                found += drawn(layer, Affine.moved(-left, -top), self._units)
        return OfdPage(
            width,
            height,
            tuple(x for x in found if isinstance(x, Run)),
            tuple(x for x in found if isinstance(x, Picture)),
            tuple(x for x in found if isinstance(x, Stroke)),
        )

    def picture(self, resource: str) -> bytes | None:
        """Bytes of a picture that a page names, or None."""
        name = self._media.get(resource)
        return self.bytes(name) if name else None

    def seals(self) -> Iterator[str]:
        """Who sealed the document, as the seals say; nothing is verified."""
        listed = self._xml_or_nothing(self._signatures)
        for signature in list(listed.all("Signature"))[:_MOST_SEALS]:
            at = self.resolve(self._signatures, signature.attributes.get("BaseLoc", ""))
            described = self._xml_or_nothing(at)
            beside = posixpath.join(posixpath.dirname(at), _VALUE)
            for said in (described.said("SignedInfo", "Seal", "BaseLoc"), described.said("SignedValue"), f"/{beside}"):
                name = self.resolve(at, said)
                owner = seal_owner(self.bytes(name)) if name else ""
                if owner:
                    yield owner
                    break

    def xml(self, name: str) -> Element:
        """A part as a tree. OfdFault where it is not there."""
        return tree(self.bytes(name))

    def bytes(self, name: str) -> bytes:
        """A part; all of them together within one budget."""
        try:
            data = read_member(self._zip, self._zip.getinfo(self._names.get(name.casefold(), name)))
        except KeyError:
            raise OfdFault(f"no {name}") from None
        self._left -= len(data)
        if self._left < 0:
            raise OfdFault("too large")
        return data

    def resolve(self, base: str, location: str) -> str:
        """The name of the part that a location in `base` means; empty where there is none. Never outside the file."""
        plain = location.strip().replace("\\", "/")
        inside = posixpath.join(posixpath.dirname(base), plain) if not plain.startswith("/") else plain
        for candidate in (inside, plain) if plain else ():
            known = self._names.get(posixpath.normpath(candidate).lstrip("/").casefold())
            if known is not None:
                return known
        return ""

    def _xml_or_nothing(self, name: str) -> Element:
        try:
            return self.xml(name) if name else _NOTHING
        except (OfdFault, XmlRefused, BadZipFile):
            return _NOTHING

    def _templates(self, content: Element) -> Iterator[Element]:
        known = {t.attributes.get("ID", ""): t.attributes.get("BaseLoc", "") for t in self._common.all("TemplatePage")}
        for wanted in content.all("Template"):
            yield self._xml_or_nothing(self.resolve(self._at, known.get(wanted.attributes.get("TemplateID", ""), "")))

    def _load_resources(self, content: Element, at: str) -> None:
        """Pictures and composite units of the document, once, and of the page."""
        places = [(at, each.text) for each in content.all("PageRes")]
        if not self._loaded:
            self._loaded = True
            places += [(self._at, r.text) for r in self._common.children if r.name in ("PublicRes", "DocumentRes")]
        for base, location in places:
            name = self.resolve(base, location)
            self._add_resources(self._xml_or_nothing(name), name)

    def _add_resources(self, resources: Element, name: str) -> None:
        folder = posixpath.join(posixpath.dirname(name), resources.attributes.get("BaseLoc", ""))
        for medium in resources.every("MultiMedias", "MultiMedia"):
            location = medium.said("MediaFile")
            found = self.resolve(posixpath.join(folder, "x"), location) or self.resolve(name, location)
            if found:
                self._media.setdefault(medium.attributes.get("ID", ""), found)
        for unit in resources.every("CompositeGraphicUnits", "CompositeGraphicUnit"):
            self._units.setdefault(unit.attributes.get("ID", ""), unit)
