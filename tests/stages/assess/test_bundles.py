"""Several papers scanned into one PDF: what lies on its pages came, in the wrong form."""

from dataclasses import replace
from datetime import date

from tests.support.judgement import HE, RULES, case_of, paper

from mailintake.model.assessment import Assessment
from mailintake.model.case import Case
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, PdfFacts, PdfShape, Sheet, TextFacts, TextLine
from mailintake.model.procedure import ProcedureKey
from mailintake.stages.assess.assess import assess

TODAY = date(2026, 11, 9)
ASKED = ("passport_page", "abtc_basic_data", "company_profile", "remittance_mfa", "remittance_centre")


def scan(pages: int, *lines: TextLine, read: bool = True) -> Document:
    """A scan of several pages that nothing but its text tells."""
    sheets = tuple(Sheet(page, 595, 842) for page in range(1, pages + 1))
    text = TextFacts(lines, "ocr", sheets=sheets) if read else None
    pdf = PdfFacts(pages, PdfShape.SCAN, images=pages, picture_pages=tuple(range(1, pages + 1)))
    facts = FileFacts("9" * 64, 1000, "pdf", pdf=pdf, text=text)
    return replace(paper("photo", HE), path="全部.pdf", name="全部.pdf", kind=None, sha256="9" * 64, facts=facts)


def judged(*documents: Document) -> Assessment:
    case: Case = case_of(ProcedureKey.NEW, people=(HE,), documents=documents)
    return assess(case, RULES, TODAY)


def test_pages_without_words_are_the_portrait_and_the_signature_in_the_wrong_form() -> None:
    rest = (paper(kind, HE) for kind in ASKED)
    found = judged(*rest, scan(3, TextLine("一页有许多字的材料，写的是别的事情。", 3)))
    assert found.missing == ()
    told = {f.code for d in found.documents for f in d.findings if d.document.path == "全部.pdf"}
    assert told == {"photo.format", "signature.format"}


def test_fewer_such_pages_than_pictures_that_lack_tell_nothing() -> None:
    rest = (paper(kind, HE) for kind in ASKED)
    found = judged(*rest, scan(2, TextLine("一页有许多字的材料，写的是别的事情。", 2)))
    assert {m.kind for m in found.missing} == {"photo", "signature"}


def test_a_scan_of_several_pages_that_nobody_read_is_for_staff_while_something_lacks() -> None:
    rest = (paper(kind, HE) for kind in ASKED)
    assert "unread_scan" in judged(*rest, scan(3, read=False)).reasons
