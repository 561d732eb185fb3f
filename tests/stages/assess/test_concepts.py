"""What the guide excludes is known by concepts: a word more in a list, and every sentence that has it is seen."""

from dataclasses import replace

import pytest
from tests.support.judgement import HE, RULES, case_of

from mailintake.model.case import Participant
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import Vocabulary
from mailintake.stages.assess.prohibitions import text_flags
from mailintake.stages.words.concepts import CONCEPTS, MEANINGS, faulty_row, hits_of

WORDS = ("(?P<boss>老板)", "(?P<boss>厂长)", "(?P<kin>爱人|闺女)", "(?P<errand>送材料)", "(?P<abroad>国外)")


def hit(row: str, sentence: str) -> str:
    """What of the sentence a row finds."""
    words = Vocabulary({CONCEPTS: WORDS, MEANINGS: (row,)})
    return "/".join(found.text for found in hits_of("X1", sentence, (HE.name,), words))


@pytest.mark.parametrize(
    ("row", "sentence", "found"),
    [
        ("X1: boss kin", "闺女是老板家的", "闺女是老板"),
        ("X1: boss>kin", "闺女是老板家的", ""),
        ("X1: boss>kin", "老板的闺女", "老板的闺女"),
        ("X1: boss>kin", "厂长的闺女", "厂长的闺女"),
        ("X1: boss>kin", "老板昨天从沈阳出发去大连看望了闺女", ""),
        ("X1: boss+kin", "老板家里闺女", ""),
        ("X1: boss+kin", "老板的闺女", "老板的闺女"),
        ("X1: boss kin", "老板同意,闺女也去", ""),
        ("X1: ~boss kin", "老板同意,闺女也去", "闺女"),
        ("X1: boss kin -errand", "老板的爱人送材料", ""),
        ("X1: boss kin -errand", "老板的爱人去,司机送材料", "老板的爱人"),
        ("X1: boss kin -~errand", "老板的爱人去,司机送材料", ""),
        ("X1: kin+name", "爱人贺知秋", "爱人贺知秋"),
        ("X1: kin+name", "爱人季云舟", ""),
        ("X1: boss>kin>name", "老板的爱人叫贺知秋", "老板的爱人叫贺知秋"),
        ("X2: boss", "老板", ""),
    ],
)
def test_a_row_finds_its_concepts_where_they_stand_as_it_says(row: str, sentence: str, found: str) -> None:
    assert hit(row, sentence) == found


def test_a_row_that_names_an_unknown_concept_or_has_no_form_is_named() -> None:
    assert faulty_row("X1: boss>kin -~errand ~name", WORDS) == ""
    assert faulty_row("X1: boss>cousin", WORDS) == "cousin"
    assert faulty_row("X1 boss kin", WORDS) == "X1 boss kin"


def test_an_operator_adds_a_word_and_every_way_of_saying_it_is_known() -> None:
    case = case_of(ProcedureKey.NEW)
    said = ("贺知秋是我们厂长的贤内助，一起去。", "这次给老板的贤内助贺知秋也办一张。", "贺知秋（董事长贤内助）新办。")
    lists = {**RULES.vocabulary.lists, "exclusion_examples": ()}
    rules = replace(RULES, vocabulary=Vocabulary(lists))
    more = Vocabulary({**lists, CONCEPTS: (*lists[CONCEPTS], "(?P<kin>贤内助)", "(?P<kin_end>贤内助(?=$))")})
    for text in said:
        assert text_flags(text, case, rules) == ()
        assert [flag.code for flag in text_flags(text, case, replace(RULES, vocabulary=more))] == ["prohibited.N2"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("没有跟亚太地区做过生意，主要卖到瑞典/挪威，贺知秋新办。", "N1"),
        ("贺知秋新办，税务今年的评级下来是C", "N4"),
        ("我们的单子清一色来自肯尼亚和加纳，贺知秋新办。", "N1"),
        ("贺知秋新办，五险挂在人才公司。", "N5"),
        ("贺知秋新办。她本职工作在区教育局。", "N2"),
    ],
)
def test_what_no_pattern_says_is_known_by_its_concepts(text: str, code: str) -> None:
    assert f"prohibited.{code}" in {flag.code for flag in text_flags(text, case_of(ProcedureKey.NEW), RULES)}


def test_what_an_applicant_writes_of_himself_is_said_of_him() -> None:
    text = "贺知秋新办。有件事先说明，公司这边也清楚，一直没有变过：我编制还在市农业学院，社保由学院交。"
    case = case_of(ProcedureKey.NEW)
    himself = replace(case, participants=(Participant("he@qingchuan.example", HE.name),))
    assert {flag.code for flag in text_flags(text, himself, RULES)} == {"prohibited.N2", "prohibited.N5"}
    colleague = replace(case, participants=(Participant("su@qingchuan.example", "苏禾"),))
    assert "prohibited.N2" not in {flag.code for flag in text_flags(text, colleague, RULES)}


def test_the_end_of_a_customer_or_of_a_card_is_not_the_end_of_the_company() -> None:
    case = case_of(ProcedureKey.RENEW)
    for text in (
        "我们在海参崴的老客户破产了，欠款由清算人在处理，贺知秋续办。",
        "贺知秋续办、苗雨桐注销（大连海红养殖有限公司）",
    ):
        assert text_flags(text, case, RULES) == ()
    assert [flag.code for flag in text_flags("我司准备下月注销，贺知秋续办。", case, RULES)] == ["prohibited.R5"]


@pytest.mark.parametrize(
    "text",
    [
        "我们卖到瑞典，也卖到越南，贺知秋新办。",
        "贺知秋新办，隔壁公司税务评级是C，我们是A。",
        "我司贺知秋、季云舟两人新办，材料见附件。",
        "贺知秋新办，他爱人在大连帮着整理材料。",
        "贺知秋新办，公司旁边就是区教育局。",
        "以下四位同事申请新办，汇款单是四个人的。",
    ],
)
def test_what_only_looks_like_it_flags_nobody(text: str) -> None:
    assert text_flags(text, case_of(ProcedureKey.NEW), RULES) == ()
