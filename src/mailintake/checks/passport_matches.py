"""Form, passport page and case speak of the same passport."""

from collections.abc import Callable, Mapping
from operator import eq

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.document import Document
from mailintake.model.identity import same_name, same_spelling
from mailintake.model.value import config_value

_SAME: Mapping[str, Callable[[str, str], bool]] = {
    "passport_no": eq,
    "birth_date": eq,
    "expiry_date": eq,
    "sex": eq,
    "name_zh": same_name,
    "name_pinyin": same_spelling,
}
_LATIN = "name_pinyin"
_PARTS = ("surname_pinyin", "given_name_pinyin")


FACTS = ("passport_no",)


@config_value
class Params:
    """None: what is compared is fixed."""


@check
def passport_matches(subject: Subject, params: Params) -> Result:
    """Number, dates, sex and names agree with this person's other documents; only values read surely are compared."""
    mine = _sure(subject.document)
    if not mine:
        return subject.unread()
    values = {}
    for name, alike in _SAME.items():
        same = _as_printed if name == _LATIN and subject.kind.passport is None else alike
        different = [text for text in _elsewhere(subject, name) if name in mine and not same(text, mine[name])]
        if different:
            values[name] = [mine[name], different[0]]
    return subject.found("mismatch", {"fields": list(values), "values": values}) if values else OK


def _as_printed(one: str, other: str) -> bool:
    """The very letters, order aside: a form is filled in as the passport spells the name, LYU where that says LYU."""
    return sorted(filter(str.isalpha, one.upper())) == sorted(filter(str.isalpha, other.upper()))


def _elsewhere(subject: Subject, name: str) -> tuple[str, ...]:
    """What this person's other documents say, without those about the passport that was given up."""
    person = subject.applicant
    if person is None:
        return ()
    gone = person.old_passport_no
    mine = [d for d in subject.others if d.applicant == person.key and not _of_another(d, subject)]
    current = [d for d in mine if not gone or _sure(d).get("passport_no") != gone]
    found = tuple(text for d in current if (text := _sure(d).get(name)))
    return (*found, person.passport_no) if name == "passport_no" and person.passport_no else found


def _of_another(document: Document, subject: Subject) -> bool:
    """A certificate, a list of insurance in somebody else's name: its own check says so, and nothing in it speaks
    against papers that are in order. Papers about a passport are compared whatever name they bear."""
    person, theirs = subject.applicant, _sure(document)
    if person is None or not person.name or document.reading.get("passport_no") or "name_zh" not in theirs:
        return False
    return not same_name(theirs["name_zh"], person.name)


def _sure(document: Document) -> dict[str, str]:
    known = {f.name: f.value for f in reversed(document.reading.fields) if f.sure and f.value}
    if all(part in known for part in _PARTS):
        known.setdefault("name_pinyin", " ".join(known[part] for part in _PARTS))
    return {name: text for name, text in known.items() if name in _SAME}
