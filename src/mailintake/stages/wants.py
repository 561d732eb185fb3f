"""Which files are worth reading: the costly step comes only where a check or the assignment needs the words."""

from collections.abc import Mapping

from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, PdfShape
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People

_READABLE = frozenset(
    {
        "jpeg",
        "png",
        "gif",
        "bmp",
        "tiff",
        "webp",
        "heic",
        "pdf",
        "docx",
        "doc",
        "wps",
        "xlsx",
        "xls",
        "pptx",
        "ppt",
        "odf",
        "ofd",
        "text",
        "html",
        "mhtml",
    }
)
_PICTURED = ("portrait", "signature")  # hints of kinds that hold no words
_SMALL = 1200  # pixels; nobody scans a page that small
_PAGE, _NEARLY = 2**0.5, 0.03  # sides of a sheet (ISO 216)
_FIRST = ("passport", "form", "letter", "slip", "card")


def wants_text(people: People, facts: Mapping[str, FileFacts], rules: RuleSet) -> tuple[str, ...]:
    """sha256 of the files to read, the most needed first: unknown files, then identity, letters, slips, the rest."""
    seen = ((document, facts.get(document.sha256)) for document in people.documents)
    wanted = [d for d, known in seen if _wanted(d, known, rules) or _may_be_page(d, known, people, rules)]
    return tuple(dict.fromkeys(d.sha256 for d in sorted(wanted, key=lambda d: _rank(d, rules))))


def _wanted(document: Document, facts: FileFacts | None, rules: RuleSet) -> bool:
    if facts is None or document.problem or facts.format not in _READABLE or _is_read(facts):
        return False
    if document.kind is None:
        return True
    return rules.kinds[document.kind].needs_text


def _may_be_page(document: Document, facts: FileFacts | None, people: People, rules: RuleSet) -> bool:
    """Is a picture that is called a portrait or a signature as large as a page, while its owner sent no passport page,
    or of the shape of one? The name may be said of what the page shows."""
    if facts is None or facts.image is None or facts.text is not None or document.problem or document.kind is None:
        return False
    image = facts.image
    called = rules.kinds[document.kind].shape_hint
    if called not in _PICTURED or max(image.width, image.height) <= _SMALL:
        return False
    theirs = [d.kind for d in people.documents if d.applicant == document.applicant and d.kind is not None]
    lacks = all(rules.kinds[kind].subject != "passport" for kind in theirs)
    return lacks or abs(image.height / image.width - _PAGE) < _NEARLY


def _is_read(facts: FileFacts) -> bool:
    """Nothing is left to be read. Of a form with fields only further pages are looked at."""
    pdf, ofd = facts.pdf, facts.ofd
    if ofd is not None:
        return not ofd.picture_pages
    if pdf is None:
        return facts.text is not None
    if pdf.shape in (PdfShape.ACROFORM, PdfShape.XFA):
        return not pdf.picture_pages or len(pdf.picture_pages) == pdf.pages
    return pdf.shape is PdfShape.BLANK or (facts.text is not None and not pdf.picture_pages)


def _rank(document: Document, rules: RuleSet) -> int:
    if document.kind is None:
        return -1
    subject = rules.kinds[document.kind].subject
    return _FIRST.index(subject) if subject in _FIRST else len(_FIRST)
