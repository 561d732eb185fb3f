"""Files of one folder are one person's when the others beside them say so, and ordinary file names make nobody."""

import pytest
from tests.support.intake_mails import letter, people_of, reading

from mailintake.model.facts import Reading
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People

SUBJECT, TEXT = "新办APEC卡 丁一鸣、苗雨桐、郁文博", "为丁一鸣、苗雨桐、郁文博三人新办，材料见附件"
SAYS = {
    "材料.zip/甲/护照.jpg": reading("passport_page", passport_no="E11223344", name_zh="苗雨桐"),
    "材料.zip/甲/表.pdf": reading("abtc_basic_data", passport_no="E11223344", name_zh="苗雨桐"),
}


def owners(people: People) -> dict[str, str | None]:
    names = {a.key: a.name for a in people.applicants}
    return {d.path: names.get(d.applicant or "") for d in people.documents}


def test_a_file_without_a_name_goes_with_the_others_of_its_folder(rules: RuleSet) -> None:
    files = (*SAYS, "材料.zip/甲/签名.jpg", "材料.zip/甲/照片.jpg", "材料.zip/签名.jpg")
    found = owners(people_of(letter(SUBJECT, TEXT, files), rules, SAYS))
    assert found["材料.zip/甲/签名.jpg"] == "苗雨桐"
    assert found["材料.zip/甲/照片.jpg"] == "苗雨桐"
    assert found["材料.zip/签名.jpg"] is None


@pytest.mark.parametrize(
    ("others", "why"),
    [
        (
            {"材料.zip/甲/丁一鸣护照.jpg": reading("passport_page", name_zh="丁一鸣")},
            "another person's paper beside it",
        ),
        ({"材料.zip/甲/签名2.jpg": reading("")}, "two of the kind"),
        ({"材料.zip/苗雨桐签名.jpg": reading("")}, "the person's own one is elsewhere"),
    ],
)
def test_a_folder_that_does_not_speak_with_one_voice_gives_nothing(
    rules: RuleSet, others: dict[str, Reading], why: str
) -> None:
    files = (*SAYS, "材料.zip/甲/签名.jpg", *others)
    found = owners(people_of(letter(SUBJECT, TEXT, files), rules, SAYS | others))
    assert found["材料.zip/甲/签名.jpg"] is None, why


@pytest.mark.parametrize("name", ["data.pdf", "date.jpg", "cailiao.zip", "fujian1.pdf", "shouye.jpg", "weixin.png"])
def test_an_ordinary_word_in_letters_is_nobody(rules: RuleSet, name: str) -> None:
    found = people_of(letter(SUBJECT, TEXT, (name,)), rules)
    assert [a.name for a in found.applicants] == ["丁一鸣", "苗雨桐", "郁文博"]
