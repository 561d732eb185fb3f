"""The paper is of this company."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.identity import Answer, same_company
from mailintake.model.value import config_value

_OWN_WORD = {"insurance": "employer"}  # code of its own (guide 1.1(1)⑥ names it); the others share `mismatch`


_LATEST_FIRST = ("insurance",)  # of several employers the first one is today's, another one was left


FACTS = ("employer",)


@config_value
class Params:
    """None: the company is the case's."""


@check
def employer_matches(subject: Subject, params: Params) -> Result:
    """The employer on the paper is the applying company, short forms allowed (guide 1.1(1)⑥).

    Insurance lists of the legal representative are exempt (法人除外).
    """
    if subject.legal_person and subject.kind.subject in _LATEST_FIRST:
        return OK
    if not subject.company:
        return NotChecked("nothing_to_compare")
    values = subject.reading.all("employer")
    if not values:
        return subject.unread()
    fitting = [same_company(subject.company, value).answer for value in values]
    if Answer.YES in fitting:
        changed = subject.kind.subject in _LATEST_FIRST and fitting[0] is Answer.NO
        return NotChecked("unsure") if changed else OK
    if Answer.UNCLEAR in fitting:
        return NotChecked("unsure")
    read = subject.field("employer")
    if read is None or not read.sure:
        return NotChecked("unsure")
    fault = _OWN_WORD.get(subject.kind.subject, "mismatch")
    return subject.found(fault, {"fields": ["employer"], "values": {"employer": [read.value, subject.company]}})
