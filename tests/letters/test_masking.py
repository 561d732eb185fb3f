"""What is shown of people."""

import pytest

from mailintake.letters.masking import addressable, clean, clean_lines, mask_name, mask_number, mask_text, mask_value


@pytest.mark.parametrize(
    ("number", "shown"), [("E12345678", "E1****678"), ("EA1234567", "EA****567"), ("123", "****"), ("", "****")]
)
def test_numbers_keep_two_characters_and_three(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("陆文博护照E12345678.jpg", "陆文博护照E1****678.jpg"),
        ("EA1234567首页", "EA****567首页"),
        ("身份证210102199001011234", "身份证21****234"),
        ("21010219900101123X", "21****23X"),
        ("电话13912345678", "电话13****678"),
        ("6222020200112233445", "62****445"),
        ("pe1234567_照片", "pe****567_照片"),
    ],
)
def test_numbers_of_people_are_masked_inside_words(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "name", ["IMG20261123.jpg", "微信图片_20261123091202.jpg", "IMG_2034.JPG", "照片600x800.jpg", "2026年11月"]
)
def test_ordinary_file_names_stay_readable(name: str) -> None:
    assert mask_text(name) == name


def test_a_known_number_is_masked_whatever_its_form() -> None:
    assert mask_text("卡号CHN0012345的卡", ("CHN0012345",)) == "卡号CH****345的卡"


def test_values_of_findings_are_masked_inside_lists_and_maps() -> None:
    assert mask_value({"a": ["E12345678", 5]}) == {"a": ("E1****678", 5)}


@pytest.mark.parametrize(
    ("name", "shown"), [("陆文博", "陆**"), ("欧阳小小梅子", "欧***"), ("LU WENBO", "L*** W***"), ("", "")]
)
def test_names_for_overviews(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_text_becomes_one_printable_line() -> None:
    assert clean("a\r\nBcc: x\t\u202eb\u200b\x00c") == "a Bcc: x bc"
    assert len(clean("长" * 500)) == 120


def test_lines_stay_lines() -> None:
    assert clean_lines("一\r\n二\u202e\n\n三") == "一\n二\n\n三"


@pytest.mark.parametrize(
    ("name", "greeted"), [('"周小燕"', "周小燕"), ("某公司行政部", "某公司行政部"), ("http://x", ""), ("123 456", "")]
)
def test_greeting_uses_names_only(name: str, greeted: str) -> None:
    assert addressable(name) == greeted
