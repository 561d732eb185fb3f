"""A passport page that got into somebody else's mail: two passports lay on the scanner, and the wrong one was sent.

Theory. A page shows that its holder exists, not that he applies. Where the mail speaks of somebody whose own page is
not among its files, and nothing but one page speaks of a further person, no word, no form, no file's name and no count,
the page stands in place of the missing one. Its holder is nobody of this mail; the page is told as not the applicant's.
"""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.claim import Source
from mailintake.model.facts import Reading
from mailintake.model.procedure import PassportRole
from mailintake.model.situation import ReadMail
from mailintake.model.traits import identity_papers, passport_pages
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.people import Names, Person
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.text_facts import group_size, people_counted

_OF_PAGES = frozenset({Source.MRZ, Source.OCR, Source.FORM})
_OF_WORDS = frozenset({Source.REQUEST, Source.LABEL, Source.ROW, Source.NUMBER, Source.LETTER, Source.FILE_NAME})


def without_strays(names: Names, files: Sequence[FileKind], said: str, mail: ReadMail) -> Names:
    """The applicants without those of whom only a page speaks that stands in another's place. `said`: all the sender's
    words."""
    pages = passport_pages(mail.rules) - passport_pages(mail.rules, PassportRole.OLD)
    papers = identity_papers(mail.rules) | pages
    every = [mail.reading(file.attachment) for file in files if file.kind in papers]
    of_page = {file.attachment.sha256: mail.reading(file.attachment) for file in files if file.kind in pages}
    shown, written = list(of_page.values()), simplify(said)
    strays = [
        p for p in names.people if _is_page_only(p, written) and _papers_of(p, every) == 1 and _papers_of(p, shown) == 1
    ]
    others = tuple(p for p in names.people if p not in strays)
    spoken = bool(others) and all({g.source for g in p.grounds} & _OF_WORDS for p in others)
    lacking = [p for p in others if not _papers_of(p, shown)]
    counted = max(group_size(said, mail.rules), people_counted(said, mail.rules))
    if not (strays and spoken and len(strays) <= len(lacking) and counted <= len(others)):
        return names
    strange = frozenset(key for key, page in of_page.items() if any(_papers_of(p, [page]) for p in strays))
    return replace(names, people=others, others=(*names.others, *strays), strange=strange)


def _is_page_only(person: Person, written: str) -> bool:
    return {g.source for g in person.grounds} <= _OF_PAGES and person.name not in written


def _papers_of(person: Person, readings: Sequence[Reading]) -> int:
    """How many of the papers are this person's."""
    told = ((reading.get("name_zh"), reading.get("name_pinyin")) for reading in readings)
    return sum(any(name and person.is_called(name) for name in names) for names in told)
