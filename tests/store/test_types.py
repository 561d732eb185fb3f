"""Stored text and keys survive what strangers write."""

import pytest

from mailintake.store.types import clean, dumps, key_of


def test_names_and_numbers_are_compared_by_letters_and_digits_alone() -> None:
    assert key_of("LIN, Xiaoman") == key_of("ｌｉｎ　xiao-man") == "LINXIAOMAN"
    assert key_of("ea 123 4567") == "EA1234567"
    assert key_of(" ·- ") == ""


@pytest.mark.parametrize(("text", "stored"), [("a\0b", "ab"), ("a\ud800b", "a?b"), ("照片 👍", "照片 👍")])
def test_text_is_storable_on_every_database(text: str, stored: str) -> None:
    assert clean(text) == stored


def test_json_stays_readable_and_is_escaped_only_where_it_must_be() -> None:
    assert dumps({"k": ["照片", 1]}) == '{"k":["照片",1]}'
    assert dumps("\ud800") == '"\\ud800"'
