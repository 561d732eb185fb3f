"""Every setting of mailintake.yaml is read by some code outside the configuration package. What each does is shown
where it does it and in test_settings_reach.py; test_every_key.py and test_every_word_list.py show it of the rules.
"""

import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailintake.config.settings import MailboxSettings, Settings

SOURCE = Path(__file__).parents[2] / "src" / "mailintake"


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
