"""Traditional characters: texts are compared as simplified ones, names keep what is simplified as well."""

import pytest

from mailintake.model.han import simplify


@pytest.mark.parametrize("text", ["於敏续办商旅卡", "李乾坤新办", "王昇"])
def test_a_character_that_names_are_written_with_today_stays_in_a_simplified_text(text: str) -> None:
    assert simplify(text) == text


@pytest.mark.parametrize(("text", "same"), [("關於續辦商務旅行卡", "关于续办商务旅行卡"), ("乾燥的環境", "干燥的环境")])
def test_in_a_traditional_text_it_is_what_it_is_there(text: str, same: str) -> None:
    assert simplify(text) == same
