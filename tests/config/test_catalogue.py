"""Every sentence for operators exists in both languages, with the same places to fill in, and no language leaks."""

import re

import pytest
from ruamel.yaml import YAML

from mailintake.config.catalogue import Language, catalogue
from mailintake.config.resource import resource

HAN = re.compile(r"[\u3400-\u9fff]")
PLACE = re.compile(r"(?<!\{)\{(\w+)(?::[+.\d]+f)?\}(?!\})")
NAMES = ("config", "cli", "acts", "terms")
CHINESE = catalogue("config", Language.ZH)
CODES = sorted(key.removesuffix(".why") for key in CHINESE if key.endswith(".why"))
# Commands, marks and numbers alone: the same in any language.
_WORDLESS = re.compile(r"[\W\da-z{}_.:-]*|.*(?:mailintake|timedatectl|UIDVALIDITY).*", re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_keys(name: str) -> None:
    assert catalogue(name, Language.ZH).keys() == catalogue(name, Language.EN).keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_is_written_in_its_own_language_and_takes_the_same_values(name: str) -> None:
    chinese, english = (catalogue(name, language) for language in Language)
    for key, said in chinese.items():
        assert set(PLACE.findall(said)) == set(PLACE.findall(english[key])), key
        assert not HAN.search(english[key]), key
        assert HAN.search(said) or _WORDLESS.fullmatch(said), key


def test_errors_of_servers_are_explained_in_both_languages() -> None:
    chinese, english = (
        YAML(typ="safe").load(resource(f"templates/messages/mailbox{way}.yaml").read_text("utf-8"))
        for way in ("", ".en")
    )
    assert chinese.keys() == english.keys()
    assert all(HAN.search(said) for said in chinese.values())
    assert not any(HAN.search(said) for said in english.values())


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_is_wrong_what_it_means_and_how_to_mend_it(code: str) -> None:
    assert CHINESE[code]
    assert CHINESE[f"{code}.fix"]
