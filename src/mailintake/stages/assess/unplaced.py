"""What nobody is asked for although it lacks: a value of that kind stands in the sender's own words or papers, and only
whose it is, or how it is to be read, is not known. Staff see it."""

from collections.abc import Iterator, Sequence

from mailintake.model.assessment import Flag, Missing
from mailintake.model.case import Applicant, Case
from mailintake.model.rules import RuleSet
from mailintake.stages.words.text_facts import LOOSE

CODE = "facts.unassigned"


def unplaced(missing: Sequence[Missing], case: Case, rules: RuleSet) -> tuple[tuple[Missing, Flag], ...]:
    """The facts that lack for somebody while a value that is nobody's stands in the case, each with its flag."""
    found = []
    for item in missing:
        kind = rules.kinds[item.kind]
        if kind.fact and (values := tuple(dict.fromkeys(_values(kind.fields, case)))):
            found.append((item, Flag(CODE, f"{kind.title}: {' / '.join(values)}", item.applicant)))
    return tuple(found)


def _values(names: Sequence[str], case: Case) -> Iterator[str]:
    held = {value for person in case.applicants for name in names for value in _own(name, person)}
    for field in case.fields:
        if field.name == LOOSE and field.value in names:
            yield field.text
        elif field.name in names and field.value not in held:
            yield field.text or field.value
    for document in case.documents:
        if document.applicant is None:
            yield from (value for name in names for value in document.reading.all(name) if value not in held)


def _own(name: str, person: Applicant) -> Iterator[str]:
    yield from (field.value for field in person.fields if field.name == name)
    if name in ("passport_no", "card_no", "card_expiry"):
        yield str(getattr(person, name))
