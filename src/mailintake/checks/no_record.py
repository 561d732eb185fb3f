"""无犯罪记录."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

FACTS = ("has_record",)


@config_value
class Params:
    """None: the certificate says it or not."""


@check
def no_record(subject: Subject, params: Params) -> Result:
    """The certificate says that there is no criminal record (禁办 新办3); staff decide, never the program."""
    read = subject.field("has_record")
    if read is None:
        return subject.unread()
    if read.value == "no":
        return OK
    return subject.found("has_record", {"text": read.text}) if read.sure else NotChecked("unsure")
