"""A batch of several companies: a case belongs to one company, so a person must part such a mail first."""

from collections.abc import Iterator

from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.traits import identity_papers
from mailintake.stages.assign.company import company_names
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import folders
from mailintake.stages.words.own_words import own_words

_EMPLOYER = "employer"
_OCR = "ocr"


def several_companies(at: Situation) -> tuple[str, ...]:
    """The companies of the applicants that an office forwards together; empty for one company.

    Only an office sends batches. In a company's own mail a second name is a former employer, a customer, or another
    firm of the same group.
    """
    if at.understood.classification.message_class is not MessageClass.CITY_FORWARD:
        return ()
    found = dict.fromkeys((*_of_forms(at), *_of_words(at)))
    names = [n for n in found if not any(n != other and n in other for other in found)]
    return tuple(names) if len(names) > 1 and len(at.understood.people.applicants) > 1 else ()


def _of_forms(at: Situation) -> Iterator[str]:
    """Employers that the applicants' own papers give, where they were read surely."""
    own = identity_papers(at.rules)
    for document in at.understood.people.documents:
        for field in document.reading.fields:
            if document.kind in own and field.name == _EMPLOYER and field.sure and field.source != _OCR:
                yield simplify(field.value).strip()


def _of_words(at: Situation) -> Iterator[str]:
    """Whole company names in subject, text, folders and file names."""
    strong = at.rules.vocabulary.words("company_strong_suffixes")
    words = own_words(at.message, at.rules)
    places = [words.subject, words.text]
    for document in at.understood.people.documents:
        places += [*folders(document.path), document.name]
    for place in places:
        yield from (name for name in company_names(place, at.rules) if name.endswith(strong))
