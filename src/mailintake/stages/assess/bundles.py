"""Several papers scanned into one PDF: the pages without words may be the portrait and the signature.

Nobody is told that something did not come while it lies on a page of a file that did; it came in a wrong form.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mailintake.model.assessment import Missing
from mailintake.model.case import Case
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, PdfShape
from mailintake.model.rules import RuleSet
from mailintake.model.traits import passport_pages
from mailintake.stages.assess.requirements import variant_of

_UNWRITTEN, _WHOLE_NUMBER = re.compile(r"[^A-Z0-9<]"), 8
_FEW_WORDS = 12  # characters seen on a page that bears a portrait or a signature and no text


def pictures_inside(document: Document, case: Case, rules: RuleSet) -> tuple[str, ...]:
    """The kinds of pictures that lack for the file's owner and for each of which the file has a page without words."""
    facts = document.facts
    owner = document.applicant or (case.applicants[0].key if len(case.applicants) == 1 else None)
    if facts is None or facts.pdf is None or owner is None or facts.pdf.pages < 2:
        return ()
    there = {d.kind for d in case.documents if d.applicant in (owner, None)}
    asked = (rules.kinds[requirement.kind] for requirement in variant_of(case, rules).email)
    lacking = tuple(k.key for k in asked if k.own_picture and facts.format in k.near_formats and k.key not in there)
    return lacking if lacking and len(tuple(_wordless(facts))) >= len(lacking) else ()


def others_inside(document: Document, case: Case, rules: RuleSet) -> tuple[str, ...]:
    """Keys of further people of the case whose passports the file shows as well, by their numbers, and who have no
    such page of their own: two passports scanned together."""
    text = document.facts.text if document.facts is not None else None
    if text is None or document.applicant is None or document.kind not in passport_pages(rules):
        return ()
    there = {d.applicant for d in case.documents if d.kind in passport_pages(rules)}
    lines = [_UNWRITTEN.sub("", line.text.upper()) for line in text.lines]
    waiting = (a for a in case.applicants if a.key not in there and len(a.passport_no) >= _WHOLE_NUMBER)
    return tuple(a.key for a in waiting if any(a.passport_no.upper() in line for line in lines))


def _wordless(facts: FileFacts) -> Iterator[int]:
    """The pages that were looked at and bear next to nothing to read."""
    if facts.pdf is None or facts.text is None:
        return
    seen = Counter[int]()
    for line in facts.text.lines:
        seen[line.page] += len(line.text)
    read = {sheet.page for sheet in facts.text.sheets}
    yield from (page for page in facts.pdf.picture_pages if page in read and seen[page] <= _FEW_WORDS)


def may_hold(missing: Sequence[Missing], documents: Sequence[Document], rules: RuleSet) -> bool:
    """Is there a scan of several pages that nobody could read, and something lacks that people scan?"""
    unread = any(d.kind is None and d.facts is not None and _is_unread_scan(d.facts) for d in documents)
    return unread and any("pdf" in (*rules.kinds[m.kind].formats, *rules.kinds[m.kind].near_formats) for m in missing)


def _is_unread_scan(facts: FileFacts) -> bool:
    pdf = facts.pdf
    return pdf is not None and pdf.shape is PdfShape.SCAN and pdf.pages > 1 and facts.text is None
