"""Two people of one name whom only their papers tell apart are never taken for one: a person looks."""

import pytest
from tests.support.intake_mails import MONDAY, letter
from tests.support.judgement import RULES

from mailintake.model.facts import Field, FileFacts, Reading
from mailintake.model.message import Attachment
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.namesakes import NAMESAKE
from mailintake.stages.assign.steps import assign


def page(number: str, born: str) -> Reading:
    """A passport page that was read surely."""
    fields = (Field("name_zh", "苗雪", "", "mrz"), Field("passport_no", number, "", "mrz"))
    return Reading("passport_page", (*fields, Field("birth_date", born, "", "mrz")))


@pytest.mark.parametrize(
    ("second", "apart"),
    [
        (page("EA5550022", "1994-10-03"), True),
        (page("EA5550022", "1978-04-11"), False),  # one person with an old and a new passport
        (page("EA5550011", "1994-10-03"), False),  # a slip of the pen
    ],
)
def test_papers_of_two_births_and_two_passports_are_those_of_two_people(second: Reading, apart: bool) -> None:
    files = tuple(
        Attachment(n, n, n, "image/jpeg", 9, s * 64) for n, s in (("苗雪1护照.jpg", "1"), ("苗雪2护照.jpg", "2"))
    )
    facts = {one.sha256: FileFacts(one.sha256, 9, "jpeg") for one in files}
    readings = dict(zip(facts, (page("EA5550011", "1978-04-11"), second), strict=True))
    text = "我公司两位同名同姓的员工苗雪申请新办APEC商务旅行卡，材料见附件。"
    people = assign(ReadMail(letter("新办", text, files), facts, readings, RULES, MONDAY))
    assert any(field.name == NAMESAKE for field in people.fields) is apart
