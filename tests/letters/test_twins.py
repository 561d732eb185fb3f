"""Text and HTML of a letter are compared by their words."""

import pytest

from mailintake.letters.twins import line_with, only_in_one

TEXT = "请补发照片。\n1. 照片 480×640，应为 600×800\n✓ 护照.pdf\n"
PAGE = """<html><head><title>别的</title><style>p {color: red}</style></head><body>
<div class="preheader">请补发照片</div><p>外办</p><p>请补发<b>照片</b>。</p><p>1. 照片 480×640，应为 600×800</p>
<p>✓护照.pdf</p><br>
</body></html>"""


def test_what_only_mail_programs_and_the_frame_show_is_no_difference() -> None:
    assert only_in_one(TEXT, PAGE, "外办") == ("", "")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("<b>照片</b>", ""), ("请补发照片", "")),
        (("600×800", "800×600 像素"), ("", "1. 照片 480×640，应为 800×600 像素")),
        (("✓护照.pdf", "✓护照.jpg"), ("护照.pdf", "✓护照.jpg")),
        (("请补发<b>", "请不补发<b>"), ("", "请不补发")),
        (("<p>1. 照片 480×640，应为 600×800</p>", ""), ("1. 照片 480×640，应为 600×800", "")),
    ],
)
def test_words_that_one_version_lacks_are_named_each_way(change: tuple[str, str], told: tuple[str, str]) -> None:
    assert only_in_one(TEXT, PAGE.replace(*change), "外办") == told


def test_the_line_of_the_layout_that_says_more_is_found() -> None:
    assert line_with("<p>a</p>\n<p>加急 办理</p>", "加急办理") == 2
    assert line_with("<p>a</p>", "加急办理") == 1
