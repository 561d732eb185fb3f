"""A batch of several companies: a case belongs to one company, so a person must part such a mail first."""

import re
from collections.abc import Iterator

from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.traits import identity_papers
from mailintake.stages.assign.company import whole_names
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import folders
from mailintake.stages.words.own_words import own_words

_EMPLOYER = "employer"
_OCR = "ocr"
_PIECES = re.compile(r"[\n;\u3002]")
_BESIDE = 16  # characters behind a company's name: a colon, "applicant", the name


def several_companies(at: Situation) -> tuple[str, ...]:
    """The companies of the applicants that come in one mail; empty for one company.

    An office forwards batches: every company it names counts. In another's mail a second name may be a former
    employer, a customer or the group; there only companies count that lead to an applicant of their own each.
    """
    if len(at.understood.people.applicants) < 2:
        return ()
    forwarded = at.understood.classification.message_class is MessageClass.CITY_FORWARD
    found = dict.fromkeys((*_of_forms(at), *_of_words(at)) if forwarded else _of_applicants(at))
    names = [n for n in found if not any(n != other and n in other for other in found)]
    return tuple(names) if len(names) > 1 else ()


def _of_applicants(at: Situation) -> Iterator[str]:
    """Companies behind each of which, in the same piece of a sentence, an applicant stands who stands behind no other:
    "(1) company A, applicant X"."""
    whose: dict[str, set[str]] = {}
    for piece in _PIECES.split(simplify(own_words(at.message, at.rules).text)):
        for company in dict.fromkeys(whole_names(piece, at.rules)):
            behind = piece.partition(company)[2][:_BESIDE]
            whose.setdefault(company, set()).update(p.name for p in at.understood.people.applicants if p.name in behind)
    for company, people in whose.items():
        others = {name for other, names in whose.items() if other != company for name in names}
        if people and not people & others:
            yield company


def _of_forms(at: Situation) -> Iterator[str]:
    """Employers that the applicants' own papers give, where they were read surely."""
    own = identity_papers(at.rules)
    for document in at.understood.people.documents:
        for field in document.reading.fields:
            if document.kind in own and field.name == _EMPLOYER and field.sure and field.source != _OCR:
                yield simplify(field.value).strip()


def _of_words(at: Situation) -> Iterator[str]:
    """Whole company names in subject, text, folders and file names."""
    words = own_words(at.message, at.rules)
    places = [words.subject, words.text]
    for document in at.understood.people.documents:
        places += [*folders(document.path), document.name]
    for place in places:
        yield from whole_names(place, at.rules)
