"""The paper is this person's."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.case import Applicant
from mailintake.model.identity import same_name, same_spelling
from mailintake.model.romanisation import romanises
from mailintake.model.value import config_value

_LATIN, _CHINESE = "name_pinyin", "CHN"
_LEGAL_PERSON_EXEMPT = ("insurance",)
_OWN_WORD = {"insurance": "name"}  # code of its own (guide 1.1(1)⑥ names it); the others share `mismatch`


@config_value
class Params:
    """Which reading holds the name."""

    field: str = "name_zh"


@check
def name_matches(subject: Subject, params: Params) -> Result:
    """The name on the paper is the applicant's; lists of several people match when one of them is.

    Insurance lists of the legal representative are exempt (guide 1.1(1)⑥, 法人除外). A name in Latin letters must be
    one of the readings of the Chinese name, surname first or last, u-umlaut in every spelling passports used; and the
    spelling known from elsewhere, where there is one.
    """
    if subject.legal_person and subject.kind.subject in _LEGAL_PERSON_EXEMPT:
        return OK
    known = _known(subject.applicant, params, foreign=_is_foreign(subject))
    if not known:
        return NotChecked("nothing_to_compare")
    values = subject.reading.all(params.field)
    if not values:
        return subject.unread()
    if any(all(_same(one, value, params) for one in known) for value in values):
        return OK
    read = subject.field(params.field)
    if read is None or not read.sure:
        return NotChecked("unsure")
    other = next(one for one in known if not _same(one, read.value, params))
    fault = _OWN_WORD.get(subject.kind.subject, "mismatch")
    return subject.found(fault, {"fields": [params.field], "values": {params.field: [read.value, other]}})


def _is_foreign(subject: Subject) -> bool:
    """Is this another state's passport? Its holder's Chinese name is no guide to how he spells his own."""
    state = subject.field("nationality")
    return state is not None and state.sure and state.value != _CHINESE


def _known(person: Applicant | None, params: Params, *, foreign: bool) -> list[str]:
    """What the paper's name is held against."""
    if person is None:
        return []
    if params.field != _LATIN:
        return [person.name] if person.name else []
    judged = person.name and romanises(person.name, "X") is not None  # Chinese, and short enough
    spelt = judged and not foreign
    return [name for name in (person.name if spelt else "", person.name_pinyin) if name]


def _same(known: str, value: str, params: Params) -> bool:
    if params.field != _LATIN:
        return same_name(known, value)
    spelt = romanises(known, value)
    return same_spelling(known, value) if spelt is None else spelt
