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
    assert not chinese_for("QIAN QIU", "千秋签名", WORDS)  # no 秋签, spelt the other way round


@pytest.mark.parametrize(
    "text",
    [
        "好的知道了，那先换护照。",
        "那再续办一张吧",
        "钟离总的卡想续一下",
        "呼延董的卡要换",
        "王总和李总的卡到期，续办",
        "人员清单及明细见附件，请予续办",
        "上周去温哥华谈事，卡落在酒店，补办",
        "月底要飞马尼拉验货，需要提前制卡",
        "护照号打反了，应为E12345678",
        "还没定下来，向后续办",
    ],
)
def test_places_titles_joiners_and_words_of_speech_are_nobody(text: str) -> None:
    surely = [m.name for m in find_names(text, WORDS) if m.margin > 2.0]
    assert surely == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("蔡董和庄文倩的卡明年到期，续办", ["庄文倩"]),
        ("我公司葛超于今年9月申请APEC商务旅行卡", ["葛超"]),
        ("只办关浩一人", ["关浩"]),
        ("时文彬续办APEC卡", ["时文彬"]),
        ("那晓峰同志新办APEC卡", ["那晓峰"]),
        ("经理帕提曼·艾合买提和副总白宇新办", ["帕提曼·艾合买提", "白宇"]),
        ("我方古丽娜尔·卡德尔需提前制卡", ["古丽娜尔·卡德尔"]),
        ("闵梓涵、单沐宸二人拟赴釜山", ["闵梓涵", "单沐宸"]),
        ("唐宁原为我公司顾问，请注销其卡", ["唐宁"]),
    ],
)
def test_what_stands_around_a_name_is_no_part_of_it(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_names(text, WORDS)] == names


def test_somebodys_son_applies_where_it_is_asked_for_him_and_else_does_not() -> None:
    asked = {m.name: m.role for m in find_names("董事长邓立成的儿子邓宇航申请APEC卡", WORDS)}
    assert asked["邓宇航"] is Role.ASKED
    assert asked["邓立成"] is not Role.ASKED
    accompanied = {m.name: m.role for m in find_names("紧急联系人是妻子邓宇航", WORDS)}
    assert accompanied["邓宇航"] is Role.OTHER


def test_a_name_known_twice_is_as_sure_as_one_known_once() -> None:
    once, twice = (find_names("为郁文博新办", WORDS, ("郁文博",) * n)[0].margin for n in (1, 2))
    assert once == twice > 2.0


def test_the_successor_in_brackets_does_not_apply() -> None:
    text = "我公司原董事长葛启元同志已退休(公司现任董事长邢旭辉),其APEC卡(卡号CHN12345678)申请注销。"
    roles = {mention.name: mention.role for mention in find_names(text, WORDS)}
    assert roles["邢旭辉"] is Role.OTHER
    assert roles["葛启元"] > Role.OTHER
