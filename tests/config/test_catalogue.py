"""Every sentence for operators exists in both languages, with the same places to fill in, and no language leaks."""

import re

import pytest

from mailintake.config.catalogue import Language, catalogue

HAN = re.compile(r"[\u3400-\u9fff]")
PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
CHINESE, ENGLISH = (catalogue("config", language) for language in Language)
CODES = sorted(key.removesuffix(".why") for key in CHINESE if key.endswith(".why"))


def test_both_languages_have_the_same_keys() -> None:
    assert CHINESE.keys() == ENGLISH.keys()


@pytest.mark.parametrize("key", sorted(CHINESE))
def test_a_sentence_is_written_in_its_own_language_and_takes_the_same_values(key: str) -> None:
    assert set(PLACE.findall(CHINESE[key])) == set(PLACE.findall(ENGLISH[key]))
    assert not HAN.search(ENGLISH[key])


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_is_wrong_what_it_means_and_how_to_mend_it(code: str) -> None:
    assert CHINESE[code]
    assert CHINESE[f"{code}.fix"]
