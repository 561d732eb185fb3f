"""The paper is this person's."""

from mailintake.checks._names import same_name, same_pinyin
from mailintake.checks._registry import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model._value import config_value
from mailintake.model.assessment import NotChecked

_OWN_WORD = {"insurance": "name"}  # code of its own (guide 1.1(1)⑥ names it); the others share `mismatch`


@config_value
class Params:
    """Which reading holds the name."""

    field: str = "name_zh"


@check
def name_matches(subject: Subject, params: Params) -> Result:
    """The name on the paper is the applicant's; lists of several people match when one of them is (法人除外)."""
    if subject.legal_person:
        return OK
    person = subject.applicant
    known = "" if person is None else person.name_pinyin if params.field == "name_pinyin" else person.name
    if not known:
        return NotChecked("nothing_to_compare")
    same = same_pinyin if params.field == "name_pinyin" else same_name
    values = subject.reading.all(params.field)
    if not values:
        return subject.unread()
    if any(same(known, value) for value in values):
        return OK
    read = subject.field(params.field)
    if read is None or not read.sure:
        return NotChecked("unsure")
    fault = _OWN_WORD.get(subject.kind.subject, "mismatch")
    return subject.found(fault, {"fields": [params.field], "values": {params.field: [read.value, known]}})
