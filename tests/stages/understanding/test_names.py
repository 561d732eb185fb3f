"""Where a name ends in running text, and who of those named applies."""

import pytest

from mailintake.config import load
from mailintake.stages.assign.confirm import chinese_for
from mailintake.stages.words.names import Role, find_names, name_words

WORDS = name_words(load(None).rules.vocabulary)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("白雪急需出国", ["白雪"]),
        ("白雪更换护照", ["白雪"]),
        ("张立新办理APEC卡", ["张立新"]),
        ("解婷之商务旅行卡", ["解婷"]),
        ("吕镕共6人新办", ["吕镕"]),
        ("李向前自行前往", ["李向前"]),
        ("张伟和李四续办", ["张伟", "李四"]),
        ("杨永和自行前往", ["杨永和"]),
        ("赵磊现申请换卡", ["赵磊"]),
        ("方圆已不在我公司任职", ["方圆"]),
        ("办理时限：十个工作日", []),
    ],
)
def test_a_name_ends_where_the_next_word_begins(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_names(text, WORDS)] == names


@pytest.mark.parametrize("text", ["王建国委托我公司李萌办理新办手续", "我公司曾为李萌办理过续办"])
def test_an_agent_and_an_earlier_applicant_do_not_apply(text: str) -> None:
    roles = {mention.name: mention.role for mention in find_names(text, WORDS)}
    assert roles["李萌"] is Role.OTHER


def test_the_spelling_of_a_passport_finds_the_name_in_the_text() -> None:
    assert chinese_for("ZHU FUSHENG", "祝福生搬家后卡找不到了", WORDS) == "祝福生"
    assert not chinese_for("WANG FANG", "祝福生搬家后卡找不到了", WORDS)
