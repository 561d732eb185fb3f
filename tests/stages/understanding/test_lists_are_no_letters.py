"""A list of people is called after what is asked for them, and is no letter for that."""

import pytest
from tests.support.intake_mails import MONDAY, letter
from tests.support.judgement import RULES

from mailintake.model.message import Attachment
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.kinds import sort_kinds


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("注销名单.xlsx", None),
        ("销卡人员信息.docx", None),
        ("换卡人员一览表.pdf", None),
        ("关于注销两名人员名单的请示.pdf", "cancellation_request"),
        ("注销申请.docx", "cancellation_request"),
    ],
)
def test_a_list_of_people_is_no_letter_by_its_name(name: str, kind: str | None) -> None:
    file = Attachment(name, name, "2", "application/octet-stream", 10, "0" * 64)
    (found,) = sort_kinds((file,), ReadMail(letter("", ""), {}, {}, RULES, MONDAY), "")
    assert found.kind == kind
