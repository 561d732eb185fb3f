"""Names that the mail is known to speak of win over the word lists that cut it."""

import pytest

from mailintake.model.rules import RuleSet
from mailintake.stages.words.names import find_names, is_name, name_words
from mailintake.stages.words.text_facts import facts_in


def test_a_known_name_is_not_cut_by_the_word_behind_it(rules: RuleSet) -> None:
    words = name_words(rules.vocabulary)
    assert [m.name for m in find_names("张立新护照见附件", words, ("张立新",))] == ["张立新"]


@pytest.mark.parametrize("name", ["邓华洋", "李江南", "温海洋"])
def test_a_given_name_may_be_a_word_of_trade_or_a_place(name: str, rules: RuleSet) -> None:
    assert is_name(name, name_words(rules.vocabulary), bounded=True)


@pytest.mark.parametrize(
    ("text", "name"), [("王自强已离职", "王自强"), ("李有为先生的卡", "李有为"), ("申请人：郑为民，男", "郑为民")]
)
def test_a_given_name_may_hold_a_function_word(text: str, name: str, rules: RuleSet) -> None:
    assert [m.name for m in find_names(text, name_words(rules.vocabulary))] == [name]


@pytest.mark.parametrize(("text", "name"), [("张伟因工作需要", "张伟"), ("吕镕共6人", "吕镕")])
def test_a_function_word_behind_a_name_stays_outside(text: str, name: str, rules: RuleSet) -> None:
    assert [m.name for m in find_names(text, name_words(rules.vocabulary))] == [name]


def test_a_name_that_ends_like_old_does_not_make_the_passport_the_old_one(rules: RuleSet) -> None:
    assert [f.name for f in facts_in("高原 护照EB1100087", rules, ("高原",))] == ["passport_no"]
