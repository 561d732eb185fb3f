"""Sentences for operators, by key and language: templates/messages/NAME.txt (Chinese) and NAME.en.txt (English).

Plain lines `key = sentence`, so that a command which only prints help loads no YAML. `KEY.fix` is what mends a fault,
`KEY.why` what it means; `explain KEY` prints both.
"""

import os
from enum import StrEnum
from functools import cache

from mailintake.config.resource import resource


class Language(StrEnum):
    """What an operator reads."""

    ZH = "zh"
    EN = "en"


_FILES = {Language.ZH: "templates/messages/{}.txt", Language.EN: "templates/messages/{}.en.txt"}
PREFIX = "MAILINTAKE_"  # of every variable that means something to the program
LANGUAGE = f"{PREFIX}LANG"


def _told() -> Language:
    told = os.environ.get(LANGUAGE, "")
    return Language(told) if told in set(Language) else Language.ZH


_spoken = [_told()]


def speak(language: Language) -> None:
    """From now on this process speaks that language on the terminal."""
    _spoken[0] = language


def spoken() -> Language:
    """The language of this process."""
    return _spoken[0]


@cache
def catalogue(name: str, language: Language) -> dict[str, str]:
    """Key → sentence."""
    lines = resource(_FILES[language].format(name)).read_text("utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {key: text for key, _, text in pairs}


def words(key: str, /, **values: object) -> str:
    """The sentence of that key about the configuration, filled in. KeyError for an unknown key: a fault of ours."""
    return catalogue("config", spoken())[key].format(**values)


def known_words(key: str) -> str:
    """The sentence as it stands in the catalogue, or an empty text where there is none of that key."""
    return catalogue("config", spoken()).get(key, "")
