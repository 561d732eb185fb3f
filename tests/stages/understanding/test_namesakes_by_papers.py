"""Two people of one name: told apart by their numbers, folders and marks, each with his own papers; where nothing tells
them apart a person looks at these two, and at nobody else."""

from collections.abc import Sequence

import pytest
from tests.support.intake_mails import MONDAY, letter
from tests.support.judgement import RULES

from mailintake.model.facts import Field, FileFacts, Reading
from mailintake.model.message import Attachment
from mailintake.model.situation import ReadMail
from mailintake.model.understanding import People
from mailintake.stages.assign.namesakes import NAMESAKE
from mailintake.stages.assign.steps import assign

ONE, TWO = "EA5550011", "EA5550022"
SAID = f"我公司两位同名的员工苗雪（护照{ONE}）、苗雪（护照{TWO}）申请新办APEC商务旅行卡，材料见附件。"


def page(number: str, born: str) -> Reading:
    """A passport page that was read surely."""
    fields = (Field("name_zh", "苗雪", "", "mrz"), Field("passport_no", number, "", "mrz"))
    return Reading("passport_page", (*fields, Field("birth_date", born, "", "mrz")))


PAGES = (page(ONE, "1978-04-11"), page(TWO, "1994-10-03"))


def found(text: str, paths: Sequence[str], readings: Sequence[Reading] = ()) -> People:
    """The people of a mail with files of these paths; the first of them are read so."""
    files = tuple(
        Attachment(path, path.rpartition("/")[2], f"{n}", "image/jpeg", 9, f"{n:064}") for n, path in enumerate(paths)
    )
    facts = {one.sha256: FileFacts(one.sha256, 9, "jpeg") for one in files}
    read = dict(zip(facts, readings, strict=False))
    return assign(ReadMail(letter("新办", text, files), facts, read, RULES, MONDAY))


def whose(people: People) -> dict[str, str]:
    """The passport of each file's owner."""
    numbers = {a.key: a.passport_no for a in people.applicants}
    return {d.path: numbers.get(d.applicant or "", "") for d in people.documents}


@pytest.mark.parametrize(
    ("second", "numbers"),
    [
        (page(TWO, "1994-10-03"), [ONE, TWO]),
        (page(TWO, "1978-04-11"), None),  # one person with an old and a new passport
        (page(ONE, "1994-10-03"), None),  # a slip of the pen
    ],
)
def test_papers_of_two_births_and_two_passports_are_those_of_two_people(
    second: Reading, numbers: list[str] | None
) -> None:
    text = "我公司两位同名同姓的员工苗雪申请新办APEC商务旅行卡，材料见附件。"
    people = found(text, ("苗雪1护照.jpg", "苗雪2护照.jpg"), (PAGES[0], second))
    assert [a.passport_no for a in people.applicants] == (numbers or [people.applicants[0].passport_no])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("材料.zip/苗雪（采购部）/{}.jpg", "材料.zip/苗雪（车间）/{}.jpg"),
        ("苗雪0011{}.jpg", "苗雪0022{}.jpg"),
        ("{}-苗雪A.jpg", "{}-苗雪B.jpg"),
        ("苗雪{}1.jpg", "苗雪{}2.jpg"),
    ],
)
def test_files_marked_alike_go_with_the_passport_among_them(one: str, two: str) -> None:
    paths = [mark.format(kind) for kind in ("护照", "照片", "签名") for mark in (one, two)]
    people = found(SAID, paths, PAGES)
    assert whose(people) == dict(zip(paths, (ONE, TWO) * 3, strict=True))
    assert not [field for field in people.fields if field.name == NAMESAKE]


def test_files_that_fit_either_leave_these_two_to_a_person() -> None:
    people = found(SAID, ("苗雪护照.jpg", "苗雪 护照.jpg", "苗雪照片.jpg", "苗雪 照片.jpg"), PAGES)
    assert [(f.value, f.text) for f in people.fields if f.name == NAMESAKE] == [("苗雪", f"{ONE} / {TWO}")]
    assert whose(people)["苗雪照片.jpg"] == ""


def test_what_stands_beside_the_number_of_one_of_them_is_his() -> None:
    text = f"同名的两人续办：苗雪护照{ONE}，卡号CHN64711318；苗雪护照{TWO}，卡号CHN64711319。"
    assert [(a.passport_no, a.card_no) for a in found(text, ()).applicants] == [
        (ONE, "CHN64711318"),
        (TWO, "CHN64711319"),
    ]
