"""Every setting of mailintake.yaml and every word list is read by some code outside the configuration package.

That is less than a changed outcome, which test_every_key.py shows of the rules and test_every_word_list.py of most
lists of words; it finds what nothing reads.
"""

import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support.observing import shipped

from mailintake.config.settings import MailboxSettings, Settings

KINDS = shipped().rules.kinds.keys()
SOURCE = Path(__file__).parents[2] / "src" / "mailintake"
FAMILIES = {  # lists whose names are put together: beginning → the words that do it
    "doc_": 'words(f"doc_{name}")',
    "folder_": 'f"folder_{flag.lower()}"',
    "question_": 'f"question_{kind}_',
    "table_": 'f"table_{name}"',
}


@cache
def code() -> str:
    """All source; a declaration has no dot before the name."""
    return "\n".join(file.read_text("utf-8") for file in sorted(SOURCE.rglob("*.py")))


def keys_of(value: Any) -> set[str]:
    """Names of all settings below that value."""
    found = set()
    for field in fields(value):
        inner = getattr(value, field.name)
        found |= keys_of(inner) if is_dataclass(inner) else {field.name}
    return found


@pytest.mark.parametrize("key", sorted(keys_of(Settings()) | keys_of(MailboxSettings())))
def test_a_setting_is_read(key: str) -> None:
    assert re.search(rf"\.{key}\b|\"{key}\"", code()), key


@pytest.mark.parametrize("name", sorted(shipped().rules.vocabulary.lists))
def test_a_word_list_is_read(name: str) -> None:
    if f'"{name}"' in code():
        return
    family = next((begins for begins in FAMILIES if name.startswith(begins)), None)
    assert family is not None
    assert FAMILIES[family] in code()
    parts = name.removeprefix(family).split("_")
    named = ("_".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    assert any(re.search(rf"[\"']{part}[\"']", code(), re.IGNORECASE) or part in KINDS for part in named)
