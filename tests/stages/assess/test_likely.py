"""What no row states is known by the sentences most like it, and taken back by those that only look like it."""

from dataclasses import replace

import pytest
from tests.support.judgement import HE, JI, RULES, case_of

from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.assess.likely import EXAMPLES, UNLIKELY, faulty_example
from mailintake.stages.assess.prohibitions import text_flags

ROWS = ("N5: bond>none",)


def with_examples(*lines: str, unlikely: tuple[str, ...] = ()) -> RuleSet:
    lists = dict(RULES.vocabulary.lists)
    lists |= {EXAMPLES: (*lists[EXAMPLES], *lines), UNLIKELY: (*lists[UNLIKELY], *unlikely)}
    return replace(RULES, vocabulary=Vocabulary(lists))


def codes(text: str, rules: RuleSet, procedure: ProcedureKey = ProcedureKey.NEW) -> set[str]:
    return {flag.code.removeprefix("prohibited.") for flag in text_flags(text, case_of(procedure), rules)}


def test_an_operator_adds_a_sentence_and_what_is_said_much_like_it_is_known() -> None:
    text = "贺知秋新办，他平时开网约车，逢外商来访才替我们接送几天。"
    assert codes(text, RULES) == set()
    learned = with_examples("N5: {name}开网约车为生，外商来访的时候替我们接送客人")
    assert codes(text, learned) == {"N5"}
    assert codes("贺知秋新办，附件是他的照片和签名。", learned) == set()


def test_an_operator_adds_what_only_looks_like_it_and_a_row_that_fires_is_taken_back() -> None:
    text = "贺知秋新办，他是学生票务部的经理。"
    assert codes(text, RULES) == {"N2"}
    assert codes(text, with_examples("none: {name}新办，他是学生票务部的经理")) == set()


def test_a_concept_can_forbid_what_the_examples_say() -> None:
    text = "贺知秋新办，他平时开网约车，逢外商来访才替我们接送几天。"
    line = "N5: {name}开网约车为生，外商来访的时候替我们接送客人"
    assert codes(text, with_examples(line, unlikely=("N5: us",))) == set()


def test_a_sentence_in_which_somebody_else_stands_for_the_applicant_flags_nobody() -> None:
    learned = with_examples("N5: {name}开网约车为生，外商来访的时候替我们接送客人")
    case = replace(case_of(ProcedureKey.NEW), applicants=(HE, JI))
    text = "贺知秋、季云舟新办。前任经办人平时开网约车，逢外商来访才替我们接送几天。"
    assert [flag.code for flag in text_flags(text, case, learned)] == []


@pytest.mark.parametrize(
    "text",
    [
        "妥否，请批示。\n某市人民政府外事办公室\n2026年8月24日",
        "材料随后寄送。\n2026-08-24",
        "贺知秋新办APEC商务旅行卡，材料见附件，请查收。",
        "您好，我公司总经理贺知秋首次申请，护照号EA1234561，照片、签名、汇款单都在附件里。",
        "贺知秋续办，还在原单位，卡下月到期。",
        "我公司员工八十六人，本次两人新办。",
        "附件是分三封发的，这是第2封：汇款单。",
    ],
)
def test_what_every_mail_says_states_nothing(text: str) -> None:
    for procedure in (ProcedureKey.NEW, ProcedureKey.RENEW):
        assert codes(text, RULES, procedure) == set()


@pytest.mark.parametrize("line", ["没有合同", "N5:", "X9: 没有合同", "N5 none没有合同"])
def test_an_example_names_an_item_that_a_row_states(line: str) -> None:
    assert faulty_example(line, ROWS)
    assert not faulty_example("N5: 没有合同", ROWS)
    assert not faulty_example("none: 合同在附件里", ROWS)
