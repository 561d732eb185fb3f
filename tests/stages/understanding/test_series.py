"""An application in several mails says so in many ways, and other numbers say nothing of the kind."""

import pytest
from tests.support.intake_mails import letter

from mailintake.model.rules import RuleSet
from mailintake.model.series import Part, Series, begun, with_part
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.series import part_of
from mailintake.stages.words.text_facts import group_size


@pytest.mark.parametrize(
    ("subject", "text", "part"),
    [
        ("APEC卡新办（1/3）", "材料见附件", Part(1, 3)),
        ("申办商旅卡[2/3]", "", Part(2, 3)),
        ("【3/3】新办商旅卡", "", Part(3, 3)),
        ("新办材料第1封，共4封", "", Part(1, 4)),
        ("新办材料", "因附件过大，材料共四封邮件，这是第二封。", Part(2, 4)),
        ("新办申请", "附件太大，分三封发送，请查收。", Part(0, 3)),
        ("新办申请", "三人分三封，公司材料和汇款单在第一封", Part(0, 3)),
        ("新办申请", "附件较多，只能分几封发给您", Part(0, 0)),
        ("新办申请（一）", "", Part(1, 0)),
        ("新办材料2", "单位材料见第一封。", Part(2, 0)),
        ("续办材料", "其余材料见下一封邮件", Part(0, 0)),
        ("新办商旅卡", "第三封，也是最后一封，全部发完了。", Part(3, 0, last=True)),
        ("ABTC application part 1 of 2", "Photos follow.", Part(1, 2)),
        ("ABTC application", "We send the papers in three separate emails.", Part(0, 0)),
    ],
)
def test_a_part_says_which_it_is(subject: str, text: str, part: Part, rules: RuleSet) -> None:
    assert part_of(own_words(letter(subject, text), rules), rules) == part


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("新办APEC卡", "材料见附件"),
        ("新办APEC卡", "附件一：照片；附件二：签名"),
        ("咨询", "请问材料太大可以分几封发吗？"),
        ("新办APEC卡", "汇款分两次汇出，见回单"),
        ("新办APEC卡", "出生日期1978/1/3，护照有效期2031/2/4"),
        ("换卡申请（2人）", "两位同事换卡，材料一份"),
        ("补充材料", "您第二封来信收到，签名见附件"),
        ("新办材料（2026年1月）", ""),
    ],
)
def test_other_numbers_make_no_series(subject: str, text: str, rules: RuleSet) -> None:
    assert part_of(own_words(letter(subject, text), rules), rules) is None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("此次新办三人", 3),
        ("我公司新办3人", 3),
        ("三人分三封", 3),
        ("共2人", 2),
        ("四人的汇款单在第一封", 4),
        ("新办人员", 0),
    ],
)
def test_the_number_of_people_is_announced_in_many_ways(text: str, people: int, rules: RuleSet) -> None:
    assert group_size(text, rules) == people


def test_a_series_is_over_when_every_part_came() -> None:
    series = begun(Part(1, 3))
    assert series is not None
    assert not series.over
    series = with_part(series, Part(3, 3))
    assert not series.over
    assert with_part(series, Part(2)).over


def test_parts_without_numbers_are_counted() -> None:
    series = begun(Part(0, 2))
    assert series is not None
    assert with_part(series, None).over


def test_without_a_number_of_parts_the_one_that_calls_itself_the_last_is_the_last() -> None:
    series = begun(Part())
    assert series is not None
    series = with_part(series, None)
    assert not series.over
    assert with_part(series, Part(last=True)).over
    assert with_part(Series(parts=(1,)), Part(3, last=True)).over is False


def test_a_last_part_alone_opens_no_series() -> None:
    assert begun(Part(last=True)) is None


def test_the_same_part_again_and_a_part_that_counts_otherwise_are_no_part_of_it() -> None:
    series = Series(3, (1, 2))
    assert not series.takes(Part(2, 3))
    assert not series.takes(Part(3, 4))
    assert series.takes(Part(3, 3))
    assert series.takes(None)
    assert not Series(2, (1, 2), over=True).takes(None)
