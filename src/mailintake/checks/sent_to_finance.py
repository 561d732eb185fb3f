"""汇款单需发送给受理人员和财务人员邮箱."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.value import config_value


@config_value
class Params:
    """None: the address is the office's."""


@check
def sent_to_finance(subject: Subject, params: Params) -> Result:
    """The slip went to the finance mailbox as well (guide 1.1(1)⑨); it may have gone there in another mail."""
    return OK if subject.sent_to_finance else subject.found("not_to_finance")
